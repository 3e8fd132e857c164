import {
    type Ballot,
    type Board,
    type CreateBoardInput,
    fetchBoard,
    fetchProposal,
    fetchProposalInstructions,
    findBoardAddress,
    findBoardVaultAddress,
    findProposalAddress,
    getCastVoteInstructions,
    getCreateBoardInstructions,
    getExecuteProposalInstructions,
    getProposeInstructions,
    type Proposal,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { fundWallet, type TestCluster, testKeypair, travel } from './cluster.js';
import { type Sent, send } from './send.js';

export const BOARD_TIMELOCK_SECS = 600;
export const VOTING_PERIOD_SECS = 1_000;
export const EXECUTION_WINDOW_SECS = 14 * 86_400;
export const DESCRIPTION_HASH = new Uint8Array(32).fill(9);

/** A development board whose seats' keys the test holds. */
export interface TestBoard {
    readonly address: PublicKey;
    readonly vault: PublicKey;
    readonly members: readonly [Keypair, Keypair, Keypair, ...Keypair[]];
}

/** What `getCreateBoardInstructions` gets unless a test says otherwise: three seats of one vote each, of which two decide. */
export function boardInput(members: readonly Keypair[], overrides: Partial<CreateBoardInput> = {}): CreateBoardInput {
    return {
        creator: testKeypair('board creator').publicKey,
        id: 0,
        development: true,
        seats: members.map(({ publicKey }) => ({ member: publicKey })),
        threshold: 2,
        timelockSecs: BOARD_TIMELOCK_SECS,
        votingPeriodSecs: VOTING_PERIOD_SECS,
        ...overrides,
    };
}

/** The keys of three members, with SOL. */
export async function fundMembers(cluster: TestCluster): Promise<[Keypair, Keypair, Keypair]> {
    const members: [Keypair, Keypair, Keypair] = [
        testKeypair('first member'),
        testKeypair('second member'),
        testKeypair('third member'),
    ];
    for (const member of members) await fundWallet(cluster, member);
    return members;
}

/** Creates a board; its members and its vault have SOL. */
export async function createTestBoard(
    cluster: TestCluster,
    overrides: Partial<CreateBoardInput> = {},
): Promise<TestBoard> {
    const creator = testKeypair('board creator');
    await fundWallet(cluster, creator);
    const members = await fundMembers(cluster);
    const input = boardInput(members, overrides);
    await send(cluster, await getCreateBoardInstructions(input), [creator]);
    const address = findBoardAddress({ creator: creator.publicKey, id: input.id });
    const vault = findBoardVaultAddress({ board: address });
    await cluster.cluster.airdrop(vault.toBase58(), 1_000_000_000n);
    return { address, vault, members };
}

/** The board's account as it stands. */
export async function readBoard(
    cluster: TestCluster,
    { address }: { address: PublicKey },
): Promise<WithAddress<Board>> {
    const board = await fetchBoard(cluster.connection, address);
    if (board === null) throw new Error(`no board at ${address.toBase58()}`);
    return board;
}

/** The proposal's account as it stands. */
export async function readProposal(cluster: TestCluster, address: PublicKey): Promise<WithAddress<Proposal>> {
    const proposal = await fetchProposal(cluster.connection, address);
    if (proposal === null) throw new Error(`no proposal at ${address.toBase58()}`);
    return proposal;
}

/** A proposal of the first member, open for votes. */
export async function propose(
    cluster: TestCluster,
    board: TestBoard,
    instructions: readonly TransactionInstruction[],
): Promise<PublicKey> {
    const [proposer] = board.members;
    const account = await readBoard(cluster, board);
    const transactions = await getProposeInstructions({
        proposer: proposer.publicKey,
        board: account,
        descriptionHash: DESCRIPTION_HASH,
        instructions,
    });
    for (const each of transactions) await send(cluster, each, [proposer]);
    return findProposalAddress({ board: board.address, number: account.proposalCount });
}

/** One seat's vote. */
export async function vote(
    cluster: TestCluster,
    board: TestBoard,
    input: { proposal: PublicKey; member: Keypair; ballot: Ballot },
): Promise<Sent> {
    const { proposal, member, ballot } = input;
    const instructions = await getCastVoteInstructions({
        member: member.publicKey,
        board: board.address,
        proposal,
        ballot,
    });
    return send(cluster, instructions, [member]);
}

/** The first two members vote for it. */
export async function pass(cluster: TestCluster, board: TestBoard, proposal: PublicKey): Promise<void> {
    for (const member of board.members.slice(0, 2)) await vote(cluster, board, { proposal, member, ballot: 'for' });
}

/** The instructions that execute a proposal. */
export async function executeInstructions(
    cluster: TestCluster,
    board: TestBoard,
    proposal: PublicKey,
): Promise<TransactionInstruction[]> {
    const account = await readProposal(cluster, proposal);
    const instructions = await fetchProposalInstructions(cluster.connection, account);
    return getExecuteProposalInstructions({ board: board.address, proposal, instructions });
}

/** A proposal from draft to execution. */
export async function decide(
    cluster: TestCluster,
    board: TestBoard,
    instructions: readonly TransactionInstruction[],
): Promise<Sent> {
    const proposal = await propose(cluster, board, instructions);
    await pass(cluster, board, proposal);
    travel(cluster, BOARD_TIMELOCK_SECS);
    return send(cluster, await executeInstructions(cluster, board, proposal));
}
