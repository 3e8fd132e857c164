import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClusterSnapshot, createSimulatedCluster } from '@ocm/cluster';
import { PROGRAM_IDS, PROGRAM_NAMES } from '@ocm/sdk';
import { Connection, Keypair } from '@solana/web3.js';
import { type ClusterControl, controlRealCluster, REAL_RPC_URL } from './real-cluster.js';

/** The time at which every test cluster begins, unix seconds: fixed, and moved by `travel` only. */
export const GENESIS_TIME_SECS = 1_800_000_000n;

const LAMPORTS_PER_SOL = 1_000_000_000n;

/** A cluster of one test with the programs in place. */
export interface TestCluster {
    readonly cluster: ClusterControl;
    readonly connection: Connection;
    /** May upgrade all programs; pays for what a test does not care about. */
    readonly deployer: Keypair;
}

/** Who governs the one marketplace of a real cluster, and its mints: every test there shares them. */
const SHARED_NAMES = /^(deployer|board|guardian|treasury|shared .*)$/;
/** Tells the parties of one test from those of another where they share a chain. */
let salt = '';
let renewals = 0;

/**
 * Keys of tests are derived from names, so that a failure repeats with the same addresses; on a real cluster each market
 * of a test has keys of its own.
 */
export function testKeypair(name: string): Keypair {
    const bytes = new TextEncoder().encode(name);
    if (salt !== '' && !SHARED_NAMES.test(name)) {
        return Keypair.fromSeed(createHash('sha256').update(salt).update(bytes).digest());
    }
    const seed = new Uint8Array(32);
    seed.set(bytes.subarray(0, 32));
    return Keypair.fromSeed(seed);
}

/** From here on names stand for new keys, where tests share a chain. */
export function renewKeys(): void {
    renewals += 1;
    if (REAL_RPC_URL) salt = `${process.pid}/${Date.now()}/${renewals}`;
}

const deployer = testKeypair('deployer');
const PROGRAMS_DIR = fileURLToPath(new URL('../../sdk/programs', import.meta.url));
/** Where the programs under test lie; `npm run mutants` puts broken ones in their place, one set after another. */
export const programsFolder = (): string => process.env.OCM_PROGRAMS_DIR ?? PROGRAMS_DIR;
const OPTIONS = { slotDurationMs: 0, now: () => Number(GENESIS_TIME_SECS) * 1_000 };

let loaded: { folder: string; snapshot: ClusterSnapshot } | undefined;

/** Loads the programs once per process; every later cluster begins from that state. */
async function loadPrograms(): Promise<ClusterSnapshot> {
    const folder = programsFolder();
    if (loaded?.folder === folder) return loaded.snapshot;
    const cluster = createSimulatedCluster(OPTIONS);
    for (const name of PROGRAM_NAMES) {
        cluster.loadProgram({
            programId: PROGRAM_IDS[name].toBase58(),
            path: join(folder, `${name}.so`),
            upgradeAuthority: deployer.publicKey.toBase58(),
        });
    }
    await cluster.airdrop(deployer.publicKey.toBase58(), 100_000n * LAMPORTS_PER_SOL);
    const snapshot = cluster.snapshot();
    loaded = { folder, snapshot };
    await cluster.close();
    return snapshot;
}

/** A clock that goes on by itself: wall clock in Unix milliseconds, and how long a slot takes. */
export type RunningClock = { readonly now: () => number; readonly slotDurationMs: number };

/**
 * A cluster that begins from a state; without one, with the programs loaded and nothing initialised. Its time stands still
 * unless a clock is given.
 */
export async function startTestCluster(from?: ClusterSnapshot, clock?: RunningClock): Promise<TestCluster> {
    if (REAL_RPC_URL) return connectRealCluster(REAL_RPC_URL);
    const cluster = createSimulatedCluster({ ...OPTIONS, ...clock, from: from ?? (await loadPrograms()) });
    const connection = new Connection('http://127.0.0.1:8899', { commitment: 'confirmed', fetch: cluster.fetch });
    return { cluster, connection, deployer };
}

async function connectRealCluster(url: string): Promise<TestCluster> {
    renewKeys();
    const connection = new Connection(url, { commitment: 'confirmed' });
    const cluster = await controlRealCluster(connection);
    if ((await connection.getBalance(deployer.publicKey)) < LAMPORTS_PER_SOL) {
        await cluster.airdrop(deployer.publicKey.toBase58(), 1_000n * LAMPORTS_PER_SOL);
    }
    return { cluster, connection, deployer };
}

/** Gives a wallet SOL (10 unless told). */
export async function fundWallet({ cluster }: TestCluster, wallet: Keypair, sol = 10n): Promise<void> {
    await cluster.airdrop(wallet.publicKey.toBase58(), sol * LAMPORTS_PER_SOL);
}

/** The cluster's time, unix seconds. */
export function nowSecs({ cluster }: TestCluster): bigint {
    return BigInt(cluster.clock().unixTimestamp);
}

/**
 * Seconds by which the time that a transaction sees may differ from `nowSecs` before it: none on the embedded cluster,
 * whose clock stands still in tests; some on a real one.
 */
export const CLOCK_MARGIN_SECS = REAL_RPC_URL ? 30n : 0n;

/** Moves the time ahead. */
export function travel({ cluster }: TestCluster, seconds: bigint | number): void {
    cluster.timeTravel({ seconds: Number(seconds) });
}

/** Moves the time to a moment, unix seconds. */
export function travelTo({ cluster }: TestCluster, unixSecs: bigint): void {
    cluster.timeTravel({ toUnixSecs: Number(unixSecs) });
}

/** Leaves the test out where time goes its own way, before it has touched a chain that others share. */
export function needTimeTravel(cluster: TestCluster): void {
    travel(cluster, 0);
}
