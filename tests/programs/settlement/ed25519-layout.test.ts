import { sign } from '@ocm/sdk';
import { ComputeBudgetProgram, Ed25519Program, SystemProgram, TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    buildEvidence,
    commitSessions,
    createActiveContract,
    expectRefusal,
    type ProvableCommitment,
    proveInclusion,
    seedCommitment,
    send,
    testIssuer,
    testSession,
} from '../../support/index.js';

/** Fields of a descriptor: offset of the signature and its instruction, of the key and its, of the message, its length and its. */
const [SIGNATURE, KEY, MESSAGE, LENGTH] = [0, 4, 8, 10];
const INDEXES = [
    ['signature', 2],
    ['key', 6],
    ['message', 12],
] as const;
const descriptor = (place: number) => 2 + 14 * place;
const issuerSeed = testIssuer.secretKey.subarray(0, 32);

describe('the layout of the instruction before a proof of evidence', () => {
    let provable: ProvableCommitment;
    let signed: TransactionInstruction;
    let proof: TransactionInstruction;

    beforeEach(async () => {
        const trade = await createActiveContract();
        const session = testSession(trade, { name: 'one', bytes: 50_000_000n });
        provable = await seedCommitment(await commitSessions(trade, { sessions: [session] }));
        await proveInclusion(provable, 0);
        const [first, second] = await buildEvidence(provable, 0);
        if (!first || !second) throw new Error('two instructions');
        [signed, proof] = [first, second];
    });

    const changed = (change: (data: Buffer) => void, keys: TransactionInstruction['keys'] = []) => {
        const data = Buffer.from(signed.data);
        change(data);
        return new TransactionInstruction({ programId: Ed25519Program.programId, keys, data });
    };
    const sendBoth = (before: TransactionInstruction) => send(provable.trade.market, [before, proof]);
    const refuse = (before: TransactionInstruction, error = 'SignatureInstructionInvalid') =>
        expectRefusal(sendBoth(before), 'settlement', error);
    const swap = (data: Buffer, a: number, b: number, length: number) => {
        const [first, second] = [a, b].map((at) => Buffer.from(data.subarray(at, at + length)));
        if (first && second) [data.set(second, a), data.set(first, b)];
    };

    // Each of these passes the Ed25519 program, which verifies wherever the header points: ours must refuse them.
    it.each(
        [0, 1].flatMap((place) =>
            INDEXES.map(([what, field]) => [what, place + 1, descriptor(place) + field] as const),
        ),
    )('may not name an instruction for the %s of signature %i, not even itself', async (_what, _place, at) => {
        // Index 0 holds the compute budget, index 1 the Ed25519 instruction.
        await refuse(changed((data) => data.writeUInt16LE(1, at)));
    });

    it('may not take a message from the proof that follows it', async () => {
        const leaf = proof.data.subarray(9, 9 + 112);
        const pointing = changed((data) => {
            data.writeUInt16LE(9, descriptor(0) + MESSAGE);
            data.writeUInt16LE(leaf.length, descriptor(0) + LENGTH);
            data.writeUInt16LE(2, descriptor(0) + 12);
            data.set(sign(issuerSeed, leaf), 62);
        });
        await refuse(pointing);
    });

    it('has its signatures at their places', async () => {
        const swapped = changed((data) => {
            swap(data, 62, 158, 64);
            swap(data, descriptor(0) + SIGNATURE, descriptor(1) + SIGNATURE, 2);
        });
        await refuse(swapped);
    });

    it('has its keys at their places', async () => {
        const swapped = changed((data) => {
            swap(data, 30, 126, 32);
            swap(data, descriptor(0) + KEY, descriptor(1) + KEY, 2);
        });
        await refuse(swapped);
    });

    it('has its messages at their places', async () => {
        const swapped = changed((data) => {
            const [token, receipt] = [Buffer.from(data.subarray(222, 382)), Buffer.from(data.subarray(382))];
            [data.set(receipt, 222), data.set(token, 222 + receipt.length)];
            data.writeUInt16LE(222 + receipt.length, descriptor(0) + MESSAGE);
            data.writeUInt16LE(222, descriptor(1) + MESSAGE);
        });
        await refuse(swapped);
    });

    it('has its signatures in their order', async () => {
        await refuse(changed((data) => swap(data, descriptor(0), descriptor(1), 14)));
    });

    it('covers the whole message', async () => {
        const shorter = changed((data) => {
            data.writeUInt16LE(159, descriptor(0) + LENGTH);
            data.set(sign(issuerSeed, data.subarray(222, 381)), 62);
        });
        await refuse(shorter);
    });

    it.each([1, 3])('holds two signatures, not %i', async (count) => {
        const third = Buffer.from(signed.data.subarray(descriptor(1), descriptor(1) + 14));
        const other = changed((data) => {
            data[0] = count;
            // Where the third descriptor would be lies the first key: the Ed25519 program fails there by itself.
            if (count === 3) data.set(third, descriptor(2));
        });
        await (count === 1 ? refuse(other) : expect(sendBoth(other)).rejects.toThrow());
    });

    it('has a second byte of zero and no accounts', async () => {
        await refuse(
            changed((data) => {
                data[1] = 1;
            }),
        );
        await refuse(changed(() => {}, [{ pubkey: SystemProgram.programId, isSigner: false, isWritable: false }]));
    });

    it('holds messages of their own domain', async () => {
        const foreign = changed((data) => {
            data[222] = (data[222] ?? 0) ^ 1;
            data.set(sign(issuerSeed, data.subarray(222, 382)), 62);
        });
        await refuse(foreign, 'MessageInvalid');
    });

    it('is of the transaction that it was checked in: another instruction between refuses', async () => {
        const between = ComputeBudgetProgram.requestHeapFrame({ bytes: 64 * 1024 });
        await expectRefusal(
            send(provable.trade.market, [signed, between, proof]),
            'settlement',
            'SignatureInstructionInvalid',
        );
    });
});
