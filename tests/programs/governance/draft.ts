import {
    buildInstruction,
    findProposalAddress,
    findProposalInstructionAddress,
    getAddInstructionInstructions,
    getAppendInstructionDataInstructions,
    getCreateProposalInstructions,
    getOpenVotingInstructions,
    type MarketplaceEvent,
} from '@ocm/sdk';
import { type Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import {
    createTestBoard,
    DESCRIPTION_HASH,
    send,
    startTestCluster,
    type TestBoard,
    type TestCluster,
    testKeypair,
} from '../../support/index.js';

export const callee = testKeypair('callee').publicKey;

/** An instruction of a number of accounts and bytes. */
export function call(accounts: number, bytes: number): TransactionInstruction {
    const keys = Array.from({ length: accounts }, (_, place) => ({
        pubkey: new PublicKey(new Uint8Array(32).fill(place + 1)),
        isSigner: place % 3 === 0,
        isWritable: place % 2 === 0,
    }));
    const data = Buffer.from(Array.from({ length: bytes }, (_, place) => (place * 7) % 256));
    return new TransactionInstruction({ programId: callee, keys, data });
}

/** A board, and what its first member does with its first proposal. */
export class TestDraft {
    readonly proposer: Keypair;
    readonly proposal: PublicKey;

    private constructor(
        readonly cluster: TestCluster,
        readonly board: TestBoard,
    ) {
        [this.proposer] = board.members;
        this.proposal = findProposalAddress({ board: board.address, number: 0n });
    }

    static async start(): Promise<TestDraft> {
        const cluster = await startTestCluster();
        return new TestDraft(cluster, await createTestBoard(cluster));
    }

    async create(number = 0n, by: Keypair = this.proposer) {
        const { address: board } = this.board;
        const input = { proposer: by.publicKey, board, number, descriptionHash: DESCRIPTION_HASH };
        return send(this.cluster, await getCreateProposalInstructions(input), [by]);
    }

    async add(instruction: TransactionInstruction): Promise<MarketplaceEvent[]> {
        const { cluster, proposer, proposal } = this;
        const input = { proposer: proposer.publicKey, proposal, index: 0, instruction };
        const events = [];
        for (const each of await getAddInstructionInstructions(input)) {
            events.push(...(await send(cluster, [each], [proposer])).events);
        }
        return events;
    }

    /** Past the SDK's own checks. */
    addRaw(change: object = {}, index = 0, by: Keypair = this.proposer) {
        const { cluster, proposal } = this;
        const instruction = findProposalInstructionAddress({ proposal, index });
        const accounts = { rentPayer: by.publicKey, proposer: by.publicKey, proposal, instruction };
        const args = { index, programId: callee, accounts: [], dataBytes: 1, data: Uint8Array.of(1), ...change };
        return send(cluster, [buildInstruction('governance', 'addInstruction', accounts, { args })], [by]);
    }

    async append(offset: number, length: number, by: Keypair = this.proposer) {
        const bytes = new Uint8Array(length).fill(5);
        const input = { proposer: by.publicKey, proposal: this.proposal, index: 0, offset, bytes };
        return send(this.cluster, await getAppendInstructionDataInstructions(input), [by]);
    }

    async open(by: Keypair = this.proposer) {
        const input = { proposer: by.publicKey, board: this.board.address, proposal: this.proposal };
        return send(this.cluster, await getOpenVotingInstructions(input), [by]);
    }
}
