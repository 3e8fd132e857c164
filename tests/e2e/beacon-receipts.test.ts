import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
    BEACONS_PER_PAGE,
    fetchBeaconRegistry,
    findBeaconAddress,
    getCreateBeaconPageInstructions,
    getCreateBeaconRegistryInstructions,
    getRegisterBeaconInstructions,
    MIN_BEACON_BOND,
} from '@ocm/sdk';
import {
    createAssociatedTokenAccountIdempotentInstruction,
    createMintToInstruction,
    getAssociatedTokenAddressSync,
} from '@solana/spl-token';
import { Connection, Keypair, LAMPORTS_PER_SOL, sendAndConfirmTransaction, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortPair } from '../cluster/support.js';
import { type Market, openMarket } from './receipts-market.js';

const NODE_MAIN = fileURLToPath(new URL('../../workers/node/dist/main.js', import.meta.url));
/** State folder of a main job that runs already; without it one is started. */
const RUNNING = process.env.MARKET_STATE;
/** An epoch of 6 s, its grace and a few passes; much longer on a busy machine. */
const COMMITTED_WITHIN_MS = 120_000;
const OPERATOR_SECRET = 'the secret of a household';

/** Somebody with a wallet and a bond lists a BEACON. */
async function registerBeacon({ rpcUrl, mint, mintAuthority }: Market): Promise<string> {
    const connection = new Connection(rpcUrl, 'confirmed');
    const [owner, key] = [Keypair.generate(), Keypair.generate()];
    const airdrop = await connection.requestAirdrop(owner.publicKey, 10 * LAMPORTS_PER_SOL);
    await connection.confirmTransaction({ signature: airdrop, ...(await connection.getLatestBlockhash()) });
    const tokens = getAssociatedTokenAddressSync(mint, owner.publicKey);
    const registry = await fetchBeaconRegistry(connection);
    const count = registry?.count ?? 0;
    const page = Math.floor(count / BEACONS_PER_PAGE);
    const transaction = new Transaction().add(
        createAssociatedTokenAccountIdempotentInstruction(owner.publicKey, tokens, owner.publicKey, mint),
        createMintToInstruction(mint, tokens, mintAuthority.publicKey, MIN_BEACON_BOND),
        ...(registry === null ? await getCreateBeaconRegistryInstructions({ payer: owner.publicKey }) : []),
        ...(count % BEACONS_PER_PAGE === 0
            ? await getCreateBeaconPageInstructions({ payer: owner.publicKey, page })
            : []),
        ...(await getRegisterBeaconInstructions({
            owner: owner.publicKey,
            beaconKey: key.publicKey,
            count,
            asn: 64_496,
            downKilobitsPerSecond: 100_000n,
            bond: MIN_BEACON_BOND,
            bondMint: mint,
        })),
    );
    await sendAndConfirmTransaction(connection, transaction, [owner, key, mintAuthority]);
    return findBeaconAddress({ beaconKey: key.publicKey }).toBase58();
}

/** The process of a BEACON, whose RELAY and provider are the market's. */
async function startBeacon(folder: string, market: Market) {
    const configPath = join(folder, 'beacon.json');
    const port = await freePortPair();
    const { node: relay } = await market.relayStatus();
    const config = {
        role: 'beacon',
        node: await registerBeacon(market),
        rpcUrl: market.rpcUrl,
        dataDir: join(folder, 'beacon'),
        listen: { host: '127.0.0.1', port },
        parentTiers: [{ name: 'relays', parents: [{ url: market.urls['relay-a'], node: relay }] }],
        parentUrl: market.urls.origin,
        receipts: { providerUrl: market.urls.provider },
        line: { metered: 'no' },
        operatorSecret: OPERATOR_SECRET,
    };
    await writeFile(configPath, JSON.stringify(config), { mode: 0o600 });
    const child = spawn(process.execPath, ['--enable-source-maps', NODE_MAIN, '--config', configPath], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => told.push(String(chunk)));
    const ended = once(child, 'exit');
    const url = `http://127.0.0.1:${port}`;
    const isReady = () =>
        fetch(`${url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
        );
    await expect
        .poll(isReady, { timeout: 30_000 })
        .toBe(true)
        .catch(() => {
            child.kill('SIGKILL');
            throw new Error(`the BEACON did not become ready:\n${told.join('')}`);
        });
    return {
        url,
        log: () => told.join(''),
        metric: async (name: string) => {
            const headers = { authorization: `Bearer ${OPERATOR_SECRET}` };
            const text = await (await fetch(`${url}/metrics`, { headers })).text();
            return BigInt(new RegExp(`^${name}\\{[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? -1);
        },
        async stop() {
            child.kill('SIGTERM');
            return (await ended)[0] as number | null;
        },
    };
}

/** A whole stream as an unmodified player loads it: playlists, then what they name. */
async function playAll(base: string): Promise<{ bytes: bigint; objects: number }> {
    let bytes = 0n;
    let objects = 0;
    const seen = new Set<string>();
    const load = async (url: string): Promise<void> => {
        if (seen.has(url)) return;
        seen.add(url);
        const answer = await fetch(url);
        expect([url, answer.status]).toEqual([url, 200]);
        const body = Buffer.from(await answer.arrayBuffer());
        bytes += BigInt(body.length);
        objects += 1;
        if (!url.endsWith('.m3u8')) return;
        const text = body.toString();
        const names = [...text.matchAll(/^(?!#)(\S+)$|URI="([^"]+)"/gm)].map(([, line, uri]) => line ?? uri ?? '');
        for (const name of names) await load(new URL(name, url).href);
    };
    await load(`${base}/demo/master.m3u8`);
    return { bytes, objects };
}

describe('a BEACON in a market', () => {
    let market: Market;
    let folder: string;

    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'ocm-beacon-'));
        market = await openMarket(join(folder, 'market'), RUNNING);
    }, 180_000);
    afterAll(() => market?.close());

    it('signs for every byte that its players make it fetch, and the operator commits them', {
        timeout: COMMITTED_WITHIN_MS + 60_000,
    }, async () => {
        const beacon = await startBeacon(folder, market);
        const before = await market.relayStatus();
        const first = await playAll(beacon.url);
        expect(first.objects).toBeGreaterThan(8);
        // The second player of the house costs the RELAY nothing.
        expect(await playAll(beacon.url)).toEqual(first);
        await expect.poll(() => beacon.metric('ocm_node_signed_bytes_total'), { timeout: 20_000 }).toBe(first.bytes);
        expect(await beacon.stop()).toBe(0);
        const after = await market.relayStatus();
        expect(BigInt(after.servedBytes) - BigInt(before.servedBytes)).toBe(first.bytes);
        expect(BigInt(after.receiptedBytes) - BigInt(before.receiptedBytes)).toBe(first.bytes);
        const sessions = [...beacon.log().matchAll(/"session":"([0-9a-f]{64})"/g)].map(([, session]) => session ?? '');
        expect(sessions.length).toBeGreaterThan(0);
        const committed = async () => {
            const all = await market.committedBytes();
            return [...new Set(sessions)].reduce((sum, session) => sum + (all.get(session) ?? 0n), 0n);
        };
        await expect.poll(committed, { timeout: COMMITTED_WITHIN_MS, interval: 1_000 }).toBe(first.bytes);
    });
});
