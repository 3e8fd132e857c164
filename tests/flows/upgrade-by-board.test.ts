import { createSimulatedCluster } from '@ocm/cluster';
import { developmentParams, type MarketSettings, migrate, prepareBoardUpgrade, readProgram } from '@ocm/migrations';
import { type ChainGateway, createChainGateway, createLogger, findFreePort } from '@ocm/runtime';
import { PROGRAM_IDS, PROGRAM_NAMES } from '@ocm/sdk';
import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    createTestBoard,
    decide,
    send,
    startTestCluster,
    type TestBoard,
    type TestCluster,
    testKeypair,
} from '../support/index.js';

const MEMO = new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr');

/** `prepareBoardUpgrade` speaks to a cluster by HTTP, as on a real one. */
async function serveTestCluster(): Promise<TestCluster & { rpcUrl: string }> {
    const loaded = await startTestCluster();
    const cluster = createSimulatedCluster({ from: loaded.cluster.snapshot() });
    const { rpcUrl } = await cluster.listen({ host: '127.0.0.1', port: await findFreePort(2) });
    return { ...loaded, cluster, rpcUrl };
}

describe('programs in the hands of a board', () => {
    let cluster: TestCluster & { rpcUrl: string };
    let gateway: ChainGateway;
    let board: TestBoard;
    let settings: MarketSettings;

    beforeEach(async () => {
        const served = await serveTestCluster();
        gateway = createChainGateway({ rpcUrl: served.rpcUrl, log: createLogger({ name: 'test', level: 'silent' }) });
        cluster = { ...served, connection: gateway.connection };
        board = await createTestBoard(cluster);
        const mint = await createMint(cluster, { name: 'mint' });
        settings = {
            board: testKeypair('board'),
            guardian: testKeypair('guardian').publicKey,
            treasury: board.vault,
            feeBasisPoints: 200,
            development: true,
            mints: [mint.address],
            params: developmentParams(60),
        };
    });

    afterEach(async () => {
        gateway.close();
        await cluster.cluster.close();
    });

    const run = async (change: Partial<MarketSettings> = {}) => {
        const outcomes = new Map<string, boolean>();
        const context = { gateway, deployer: cluster.deployer, settings: { ...settings, ...change } };
        await migrate(context, (name, { changed }) => outcomes.set(name, changed));
        return outcomes.get('0004-hand-over-upgrade-authority');
    };
    const handOver = { upgradeAuthority: { address: PublicKey.default, confirmation: PublicKey.default } };
    const authorities = () =>
        Promise.all(
            PROGRAM_NAMES.map(
                async (name) => (await readProgram(gateway.connection, PROGRAM_IDS[name]))?.upgradeAuthority,
            ),
        );

    it('are handed over only when asked, to an address named twice, and once', async () => {
        const { deployer } = cluster;
        const { vault } = board;
        expect(await run()).toBe(false);
        const mismatch = { address: vault, confirmation: deployer.publicKey };
        await expect(run({ upgradeAuthority: mismatch })).rejects.toThrow('name the same address twice');
        await expect(run(handOver)).rejects.toThrow('all-zero address');
        expect(await authorities()).toEqual(PROGRAM_NAMES.map(() => deployer.publicKey));
        expect(await run({ upgradeAuthority: { address: vault, confirmation: vault } })).toBe(true);
        expect(await authorities()).toEqual(PROGRAM_NAMES.map(() => vault));
        expect(await run({ upgradeAuthority: { address: vault, confirmation: vault } })).toBe(false);
        const back = { address: deployer.publicKey, confirmation: deployer.publicKey };
        await expect(run({ upgradeAuthority: back })).rejects.toThrow(`only by ${vault.toBase58()}`);
    });

    it('are upgraded by a proposal, to exactly the bytes that were voted on', async () => {
        const { vault } = board;
        const program = PROGRAM_IDS.settlement;
        const { deployer } = cluster;
        // Another program's image: every cluster carries it, and it shows at once that it runs.
        const bytes = (await gateway.connection.getAccountInfo(MEMO))?.data ?? new Uint8Array();
        const input = { gateway, payer: deployer, program, bytes, vault };
        await expect(prepareBoardUpgrade(input)).rejects.toThrow(`only by ${deployer.publicKey.toBase58()}`);
        await run({ upgradeAuthority: { address: vault, confirmation: vault } });
        const { events } = await decide(cluster, board, [await prepareBoardUpgrade(input)]);
        expect(events.at(-1)).toMatchObject({ name: 'ProposalExecuted', data: { instructionCount: 1 } });
        const upgraded = await readProgram(gateway.connection, program);
        expect(Buffer.from(upgraded?.bytes.subarray(0, bytes.length) ?? []).equals(Buffer.from(bytes))).toBe(true);
        expect(upgraded?.upgradeAuthority).toEqual(vault);
        const text = new TextEncoder().encode('decided by the board');
        const call = new TransactionInstruction({ programId: program, keys: [], data: Buffer.from(text) });
        cluster.cluster.advanceSlots(1);
        const { signature } = await send(cluster, [call]);
        const landed = await gateway.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        expect(landed?.meta?.logMessages?.join('\n')).toContain('decided by the board');
    });
});
