import { mplToolbox, transferSol } from '@metaplex-foundation/mpl-toolbox';
import { generateSigner, isEqualToAmount, keypairIdentity, sol, type Umi } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedCluster, serveCluster } from './support.js';

let served: ServedCluster;
let umi: Umi;

beforeAll(async () => {
    served = await serveCluster();
    umi = createUmi(served.rpcUrl, 'confirmed').use(mplToolbox());
    umi.use(keypairIdentity(generateSigner(umi)));
});
afterAll(() => served.close());

describe('umi against the simulated cluster', () => {
    it('airdrops, transfers and confirms', async () => {
        await umi.rpc.airdrop(umi.identity.publicKey, sol(10));
        const to = generateSigner(umi).publicKey;
        const { signature, result } = await transferSol(umi, { destination: to, amount: sol(1.5) }).sendAndConfirm(umi);
        expect(result.value.err).toBeNull();
        expect(isEqualToAmount(await umi.rpc.getBalance(to), sol(1.5))).toBe(true);
        const landed = await umi.rpc.getTransaction(signature);
        expect(landed?.meta.err).toBeNull();
        expect(await umi.rpc.accountExists(to)).toBe(true);
    });

    it('names the failed instruction when a transfer is more than there is', async () => {
        const to = generateSigner(umi).publicKey;
        const sending = transferSol(umi, { destination: to, amount: sol(1_000) }).sendAndConfirm(umi);
        await expect(sending).rejects.toThrow('custom program error: 0x1');
    });

    it('reads many accounts at once', async () => {
        const keys = Array.from({ length: 5 }, () => generateSigner(umi).publicKey);
        const accounts = await umi.rpc.getAccounts([umi.identity.publicKey, ...keys]);
        expect(accounts.map(({ exists }) => exists)).toEqual([true, false, false, false, false, false]);
    });
});
