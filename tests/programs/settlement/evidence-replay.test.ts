import type { TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    buildEvidence,
    commitSessions,
    createActiveContract,
    expectRefusal,
    type ProvableCommitment,
    proveEvidence,
    proveInclusion,
    readCommitment,
    seedCommitment,
    send,
    testSession,
} from '../../support/index.js';

describe('evidence that is sent again', () => {
    let provable: ProvableCommitment;

    beforeEach(async () => {
        const trade = await createActiveContract();
        const session = testSession(trade, { name: 'one', bytes: 50_000_000n });
        provable = await seedCommitment(await commitSessions(trade, { sessions: [session] }));
        for (const index of [0, 1]) await proveInclusion(provable, index);
    });

    const evidenceBits = async () => (await readCommitment(provable.trade, provable.commitment)).evidenceBits;

    it('proves one sample once', async () => {
        for (const _ of [1, 2]) await proveEvidence(provable, 0);
        expect(await evidenceBits()).toBe(1);
        expect((await readCommitment(provable.trade, provable.commitment)).state).toBe('seeded');
    });

    it('serves the proof right after its messages, and no second one of the same transaction', async () => {
        const [signed, first] = (await buildEvidence(provable, 0)) as [TransactionInstruction, TransactionInstruction];
        const [, second] = (await buildEvidence(provable, 1)) as [TransactionInstruction, TransactionInstruction];
        const both = send(provable.trade.market, [signed, first, second]);
        await expectRefusal(both, 'settlement', 'SignatureInstructionInvalid');
        await send(provable.trade.market, [signed, second]);
        expect(await evidenceBits()).toBe(2);
    });
});
