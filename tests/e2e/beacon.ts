import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
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
import { expect } from 'vitest';
import type { Market } from './receipts-market.js';

const NODE_MAIN = fileURLToPath(new URL('../../workers/node/dist/main.js', import.meta.url));
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
export async function startBeacon(folder: string, market: Market) {
    const configPath = join(folder, 'beacon.json');
    const port = await findFreePort(2);
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
export async function playAll(base: string): Promise<{ bytes: bigint; objects: number }> {
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
