import { mplToolbox, transferSol } from '@metaplex-foundation/mpl-toolbox';
import { generateSigner, isEqualToAmount, keypairIdentity, publicKey, sol, type Umi } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import {
    findLicenceAccountAddress,
    findLicenceAddress,
    findNodeAddress,
    findParticipantAddress,
    getMintLicenceInstructions,
    readNodeLicence,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestMarket, registerNode, registerSeller, send, type TestMarket } from '../support/index.js';
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

describe('a node’s licence through umi', () => {
    it('is read with its holder, as any wallet of that world reads it', async () => {
        const market = await createTestMarket();
        const { owner } = await registerSellerWithLicence(market);
        const node = findNodeAddress({ participant: findParticipantAddress({ owner }), index: 0 });
        const addresses = [findLicenceAddress({ node }), findLicenceAccountAddress({ node, owner })];
        const { rpc } = createUmi(market.connection);
        const accounts = await rpc.getAccounts(addresses.map((address) => publicKey(address.toBase58())));
        const [mint, tokenAccount] = accounts.map((account) => {
            if (!account.exists) throw new Error(`nothing at ${account.publicKey}`);
            const { data } = account;
            return { address: new PublicKey(account.publicKey), owner: new PublicKey(account.owner), data };
        });
        if (!mint || !tokenAccount) throw new Error('umi left out an account');
        expect(readNodeLicence({ node, mint, tokenAccount })).toMatchObject({
            name: 'OCM RELAY licence',
            role: 'RELAY',
            class: 'unicast',
            asn: 64_496,
            holder: owner,
        });
    });
});

async function registerSellerWithLicence(market: TestMarket): Promise<{ owner: PublicKey }> {
    const seller = await registerSeller(market);
    const { address: node } = await registerNode(market, seller);
    const owner = seller.owner.publicKey;
    await send(market, await getMintLicenceInstructions({ owner, node }), [seller.owner]);
    return { owner };
}
