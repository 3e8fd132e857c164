import { ComputeBudgetProgram, Keypair, SystemProgram, sendAndConfirmTransaction, Transaction } from '@solana/web3.js';
import { createHelius, type HeliusClient } from 'helius-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKitSigner, transferInstruction } from './kit-signer.js';
import { eventually, fund, fundedKeypair, type ServedCluster, SOL, serveCluster } from './support.js';

let served: ServedCluster;
let helius: HeliusClient;

beforeAll(async () => {
    served = await serveCluster();
    helius = createHelius({ baseUrl: served.rpcUrl });
});
afterAll(() => served.close());

describe('helius-sdk against the simulated cluster', () => {
    it('builds a smart transaction whose own sending lands with the fee it chose', async () => {
        const keypair = await fundedKeypair(served.cluster);
        const destination = Keypair.generate().publicKey.toBase58();
        const built = await helius.tx.createSmartTransaction({
            signers: [createKitSigner(keypair)],
            instructions: [transferInstruction(keypair.publicKey.toBase58(), destination, 1_500_000_000n)],
        });
        expect(built.units).toBeGreaterThanOrEqual(1_000);
        // Nothing was paid for priority yet, so the recommendation is its floor.
        expect(built.priorityFee).toBe(10_000);
        const wire = Buffer.from(built.base64, 'base64');
        const signature = await served.connection.sendRawTransaction(wire);
        const landed = await eventually(async () => {
            const found = await served.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
            return found ?? undefined;
        });
        expect(landed.meta?.err).toBeNull();
        expect(landed.meta?.fee).toBe(5_000 + Math.ceil((built.priorityFee * built.units) / 1_000_000));
        expect(await served.connection.getBalance(keypair.publicKey)).toBe(
            100 * SOL - 1_500_000_000 - (landed.meta?.fee ?? 0),
        );
    });

    it('estimates the priority fee from what was really paid for the same accounts', async () => {
        const payer = await fundedKeypair(served.cluster);
        const hot = Keypair.generate().publicKey;
        await fund(served.cluster, hot, SOL);
        for (const microLamports of [1_000, 2_000, 3_000, 4_000]) {
            const transaction = new Transaction().add(
                ComputeBudgetProgram.setComputeUnitPrice({ microLamports }),
                SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: hot, lamports: 1 }),
            );
            await sendAndConfirmTransaction(served.connection, transaction, [payer]);
        }
        // The airdrop to `hot` paid nothing: prices are 0, 1,000, 2,000, 3,000, 4,000.
        const accountKeys = [hot.toBase58()];
        const estimate = await helius.getPriorityFeeEstimate({ accountKeys, options: { priorityLevel: 'High' } });
        expect(estimate.priorityFeeEstimate).toBe(3_000);
        const levels = await helius.getPriorityFeeEstimate({
            accountKeys,
            options: { includeAllPriorityFeeLevels: true },
        });
        expect(levels.priorityFeeLevels).toEqual({
            min: 0,
            low: 1_000,
            medium: 2_000,
            high: 3_000,
            veryHigh: 3_800,
            unsafeMax: 4_000,
        });
    });

    it('reads through the standard RPC methods', async () => {
        const owner = Keypair.generate().publicKey;
        await fund(served.cluster, owner, 2 * SOL);
        const { value } = await helius.getBalance(owner.toBase58() as Parameters<typeof helius.getBalance>[0]);
        expect(value).toBe(2_000_000_000n);
    });

    it('says of the digital asset methods that there are none', async () => {
        const asking = helius.getAssetsByOwner({ ownerAddress: Keypair.generate().publicKey.toBase58(), page: 1 });
        await expect(asking).rejects.toThrow(/method not found/i);
    });
});
