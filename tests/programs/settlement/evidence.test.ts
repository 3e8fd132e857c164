import { type DeliveryKind, encodeLeaf, getProveEvidenceInstructions, sha256, sign, utf8 } from '@ocm/sdk';
import { ComputeBudgetProgram, Ed25519Program, Transaction, TransactionInstruction } from '@solana/web3.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    buildEvidence,
    commitSessions,
    createActiveContract,
    createTestBoard,
    decide,
    expectRefusal,
    type FundedTrade,
    fundContract,
    type ProvableCommitment,
    proveAll,
    proveEvidence,
    proveInclusion,
    readCommitment,
    registerNode,
    registerSeller,
    type SessionChange,
    seedCommitment,
    send,
    signToWire,
    swapAccount,
    testIssuer,
    testKeypair,
    testSession,
} from '../../support/index.js';

const BYTES = 50_000_000n;
const KEY = sha256(utf8('another'));

/** A commitment of one session, so that every sample falls on it; seeded, with the inclusion of sample 0 proved. */
async function oneSession(change: SessionChange = {}, kind: DeliveryKind = 0): Promise<ProvableCommitment> {
    const trade = await createActiveContract();
    const session = testSession(trade, { name: 'one', bytes: BYTES, kind }, change);
    const provable = await commitSessions(trade, { sessions: [session], overrides: { kind } });
    const seeded = await seedCommitment(provable);
    await proveInclusion(seeded, 0);
    return seeded;
}

describe('prove_evidence', () => {
    it.each([0, 2] as const)('makes a commitment of kind %i proven with its last sample', async (kind) => {
        const provable = await oneSession({}, kind);
        await proveInclusion(provable, 1);
        await proveEvidence(provable, 0);
        expect((await readCommitment(provable.trade, provable.commitment)).state).toBe('seeded');
        const { events, computeUnits } = await proveEvidence(provable, 1);
        const { state, evidenceBits } = await readCommitment(provable.trade, provable.commitment);
        expect([state, evidenceBits]).toEqual(['proven', 3]);
        expect(events[0]).toMatchObject({ name: 'SampleProven', data: { samples: 2 } });
        console.info(`prove_evidence: ${computeUnits} compute units`);
    });

    it('comes after the inclusion, for the leaf that was included', async () => {
        const provable = await oneSession();
        await expectRefusal(proveEvidence(provable, 1), 'settlement', 'InclusionMissing');
        const { trade, commitment, sessions } = provable;
        const [session] = sessions;
        if (!session) throw new Error('no session');
        const input = { contract: trade.contract, commitment: commitment.address, node: trade.node.address, index: 0 };
        const leaf = encodeLeaf({ ...session.leaf, objects: 4 });
        const other = await getProveEvidenceInstructions({ ...input, leaf, evidence: session.evidence });
        await expectRefusal(send(trade.market, other), 'settlement', 'LeafMismatch');
        const beyond = await getProveEvidenceInstructions({
            ...input,
            index: 2,
            leaf: encodeLeaf(session.leaf),
            evidence: session.evidence,
        });
        await expectRefusal(send(trade.market, beyond), 'settlement', 'SampleIndexInvalid');
    });

    it('is for the commitment of that contract and for a node of its seller', async () => {
        const provable = await oneSession();
        const { market, contract, contentProvider, node, offer } = provable.trade;
        const instructions = await buildEvidence(provable, 0);
        const other = await registerSeller(market, { name: 'other seller' });
        const foreign = await registerNode(market, other);
        await expectRefusal(
            send(market, swapAccount(instructions, node.address, foreign.address)),
            'settlement',
            'NodeOfAnotherSeller',
        );
        const second = await fundContract(market, contentProvider, await acceptOffer(market, contentProvider, offer));
        await expectRefusal(
            send(market, swapAccount(instructions, contract.address, second.address)),
            'settlement',
            'WrongContract',
        );
    });

    const { publicKey: stranger } = testKeypair('stranger');
    const longer = (trade: FundedTrade, secs: number) =>
        Number(trade.contract.genesisAt) + trade.contract.epochLengthSecs + secs;
    let times: FundedTrade;
    beforeAll(async () => {
        times = await createActiveContract();
    });
    const cases: [string, () => SessionChange, string, DeliveryKind?][] = [
        ['a token of another signer', () => ({ issuer: testKeypair('not the issuer') }), 'IssuerKeyWrong'],
        ['a token of another contract', () => ({ token: { contract: stranger.toBytes() } }), 'TokenContractWrong'],
        ['a token of another cluster', () => ({ token: { clusterTag: 1 } }), 'TokenClusterWrong'],
        ['a token of another epoch', () => ({ token: { epoch: 1 } }), 'TokenEpochWrong'],
        ['a token for another node', () => ({ token: { node: stranger.toBytes() } }), 'TokenNodeWrong'],
        ['a token for multicast', () => ({ token: { flags: 1 } }), 'TokenKindWrong'],
        ['a token for unicast', () => ({ token: { flags: 0 } }), 'TokenKindWrong', 2],
        [
            'a token that outlives its epoch and the grace, however short it is',
            () => ({
                token: { notBeforeSecs: longer(times, -1), notAfterSecs: longer(times, 6) },
            }),
            'TokenTimesWrong',
        ],
        [
            'a token that lasts longer than an epoch and the grace, whenever it ends',
            () => ({ token: { notBeforeSecs: longer(times, -times.contract.epochLengthSecs - 6) } }),
            'TokenTimesWrong',
        ],
        [
            'a token that ends before it begins',
            () => ({ token: { notBeforeSecs: longer(times, 0), notAfterSecs: longer(times, 0) } }),
            'TokenTimesWrong',
        ],
        ['a token for more than any may', () => ({ token: { maxBytes: (64n << 30n) + 1n } }), 'TokenTooLarge'],
        ['a receipt of another client', () => ({ client: KEY }), 'ClientKeyWrong'],
        ['a receipt for another token', () => ({ receipt: { tokenHash: KEY } }), 'ReceiptTokenWrong'],
        ['a receipt beyond its token', () => ({ token: { maxBytes: BYTES - 1n } }), 'ReceiptTooLarge'],
        ['a receipt long after its token', () => ({ receipt: { lastMs: 1n << 50n } }), 'ReceiptTimeWrong'],
        ['a leaf of another token', () => ({ leaf: { tokenHash: KEY } }), 'LeafTokenWrong'],
        ['a leaf of more bytes than were signed for', () => ({ leaf: { bytes: BYTES + 1n } }), 'LeafBytesWrong'],
        ['a leaf of more objects', () => ({ leaf: { objects: 4 } }), 'LeafObjectsWrong'],
        ['a leaf that names another receipt', () => ({ leaf: { receiptHash: KEY } }), 'LeafReceiptWrong'],
    ];
    it.each(cases)('refuses %s', async (_name, change, error, kind = 0) => {
        const provable = await oneSession(change(), kind);
        const [session] = provable.sessions;
        if (!session) throw new Error('no session');
        const instructions = await getProveEvidenceInstructions({
            contract: provable.trade.contract,
            commitment: provable.commitment.address,
            node: provable.trade.node.address,
            index: 0,
            leaf: encodeLeaf(session.leaf),
            evidence: session.evidence,
        });
        await expectRefusal(send(provable.trade.market, instructions), 'settlement', error);
    });
});

describe('messages', () => {
    it('are refused when they are not in their encoding, whoever signed them', async () => {
        const provable = await oneSession();
        const [session] = provable.sessions;
        if (!session) throw new Error('no session');
        const token = Uint8Array.from(session.evidence.token);
        // The reserved field at the end.
        token[159] = 1;
        const instructions = await getProveEvidenceInstructions({
            contract: provable.trade.contract,
            commitment: provable.commitment.address,
            node: provable.trade.node.address,
            index: 0,
            leaf: encodeLeaf(session.leaf),
            evidence: { ...session.evidence, token, tokenSignature: sign(testIssuer.secretKey.subarray(0, 32), token) },
        });
        await expectRefusal(send(provable.trade.market, instructions), 'settlement', 'MessageInvalid');
    });

    it('are not taken from a program that calls', async () => {
        const provable = await oneSession();
        const { market } = provable.trade;
        const board = await createTestBoard(market);
        const [, proof] = await buildEvidence(provable, 0);
        if (!proof) throw new Error('two instructions');
        await expectRefusal(decide(market, board, [proof]), 'settlement', 'CallNotDirect');
    });
});

describe('the instruction before a proof of evidence', () => {
    let provable: ProvableCommitment;
    let signed: TransactionInstruction;
    let proof: TransactionInstruction;

    beforeEach(async () => {
        provable = await oneSession();
        const [first, second] = await buildEvidence(provable, 0);
        if (!first || !second) throw new Error('two instructions');
        [signed, proof] = [first, second];
    });

    const refuse = (instructions: TransactionInstruction[]) =>
        expectRefusal(send(provable.trade.market, instructions), 'settlement', 'SignatureInstructionInvalid');
    /** Without the compute budget that every other test sends along. */
    const sendBare = async (instructions: TransactionInstruction[]) => {
        const { cluster, connection, deployer } = provable.trade.market;
        cluster.advanceSlots(1);
        const transaction = new Transaction({ feePayer: deployer.publicKey }).add(...instructions);
        transaction.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
        return connection.sendRawTransaction(signToWire(transaction, [deployer]));
    };
    const changed = (change: (data: Buffer) => Buffer) =>
        new TransactionInstruction({
            programId: Ed25519Program.programId,
            keys: [],
            data: change(Buffer.from(signed.data)),
        });

    it('must be there, and right before', async () => {
        await refuse([proof]);
        await refuse([signed, heapFrame(), proof]);
    });

    it('must be of the Ed25519 program', async () => {
        await refuse([heapFrame(), proof]);
    });

    it('must be of the Ed25519 program, also where another takes the very same bytes and looks at no signature', async () => {
        // The compute budget reads two signatures as its number for a limit of units, and ignores what follows.
        const programId = ComputeBudgetProgram.programId;
        const forged = new TransactionInstruction({ programId, keys: [], data: signed.data });
        await expectRefusal(sendBare([forged, proof]), 'settlement', 'SignatureInstructionInvalid');
        await sendBare([signed, proof]);
        expect((await readCommitment(provable.trade, provable.commitment)).evidenceBits).toBe(1);
    });

    it('must be there when the proof is first of all', async () => {
        await expectRefusal(sendBare([proof]), 'settlement', 'SignatureInstructionInvalid');
    });

    it('must hold two signatures, each over bytes of its own, and nothing else', async () => {
        // The header names another instruction for the first signature: index 0 holds the compute budget.
        const pointsElsewhere = changed((data) => {
            data.writeUInt16LE(1, 2 + 2);
            return data;
        });
        // The Ed25519 program reads the very same bytes, so that it passes; ours must not.
        await refuse([pointsElsewhere, proof]);
        const trailing = changed((data) => Buffer.concat([data, Buffer.from([0])]));
        await refuse([trailing, proof]);
        const { issuerKey, token, tokenSignature } = provable.sessions[0]?.evidence ?? {};
        if (!issuerKey || !token || !tokenSignature) throw new Error('evidence');
        const single = Ed25519Program.createInstructionWithPublicKey({
            publicKey: issuerKey,
            message: token,
            signature: tokenSignature,
        });
        await refuse([single, proof]);
    });

    it('serves any number of proofs that follow the same messages, for state alone counts', async () => {
        await proveAll(provable);
        expect((await readCommitment(provable.trade, provable.commitment)).state).toBe('proven');
    });
});

/** An instruction of another program that changes nothing here. */
function heapFrame(): TransactionInstruction {
    return ComputeBudgetProgram.requestHeapFrame({ bytes: 64 * 1024 });
}
