import type { ClusterSnapshot } from '@ocm/cluster';
import {
    fetchConfig,
    getAllowMintInstructions,
    getCreateStakeVaultInstructions,
    getInitializeConfigInstructions,
    type Params,
} from '@ocm/sdk';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { Keypair, PublicKey } from '@solana/web3.js';
import {
    programsFolder,
    type RunningClock,
    renewKeys,
    startTestCluster,
    type TestCluster,
    testKeypair,
} from './cluster.js';
import { TEST_PARAMS } from './params.js';
import { REAL_RPC_URL } from './real-cluster.js';
import { send } from './send.js';
import { createMint, type TestMint } from './tokens.js';

export const FEE_BASIS_POINTS = 200;
export const CLUSTER_TAG = 0x0102_0304;

/** An initialised marketplace with one allowed mint. */
export interface TestMarket extends TestCluster {
    readonly board: Keypair;
    readonly guardian: Keypair;
    /** Owns the token accounts that receive the fee. */
    readonly treasury: Keypair;
    /** On the allow-list, with a stake vault. */
    readonly mint: TestMint;
}

const KEYS = { board: testKeypair('board'), guardian: testKeypair('guardian'), treasury: testKeypair('treasury') };

export interface TestMarketOptions {
    readonly tokenProgram?: PublicKey;
    readonly params?: Params;
    /** Time stands still unless it is given. */
    readonly clock?: RunningClock;
}

interface Prepared {
    /** None on a real cluster: there is one chain, and it goes on. */
    readonly snapshot: ClusterSnapshot | undefined;
    readonly mint: TestMint;
}

const prepared = new Map<string, Promise<Prepared>>();

async function prepare(tokenProgram: PublicKey, params: Params): Promise<Prepared> {
    const market = await startTestCluster();
    if (REAL_RPC_URL) return { snapshot: undefined, mint: await ensureSharedMint(market, tokenProgram) };
    await initializeTestConfig(market, params);
    const mint = await createMint(market, { tokenProgram });
    await allowTestMint(market, mint);
    const snapshot = market.cluster.snapshot();
    await market.cluster.close();
    return { snapshot, mint };
}

/** The runner has so many processes at work on a real cluster; an allow-list holds two mints for each. */
const PLACES = 2;
/** Which of them this is, from 1. */
const place = Number(process.env.VITEST_POOL_ID ?? 1);
const PATIENCE_MS = 20_000;

/**
 * A mint of a token program on a real cluster, made by the first test that asks. Each place has its own, since tests compare
 * what lies in its vault.
 */
async function ensureSharedMint(market: TestCluster, tokenProgram: PublicKey, at = place): Promise<TestMint> {
    await ensureSharedConfig(market);
    const name = `shared ${at} ${tokenProgram.toBase58().slice(0, 8)}`;
    const address = testKeypair(name).publicKey;
    const authority = testKeypair(`${name} authority`);
    const isAllowed = async () => (await fetchConfig(market.connection))?.mints.some((mint) => mint.equals(address));
    if (await isAllowed()) return { address, tokenProgram, authority, decimals: 6 };
    try {
        const mint = await createMint(market, { name, tokenProgram });
        await allowTestMint(market, mint);
        return mint;
    } catch (error) {
        // The other place may be making it.
        const deadline = Date.now() + PATIENCE_MS;
        while (!(await isAllowed())) {
            if (Date.now() > deadline) throw error;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return { address, tokenProgram, authority, decimals: 6 };
    }
}

/** A mint on the allow-list that is not the market's. */
export async function createOtherAllowedMint(market: TestMarket): Promise<TestMint> {
    const { tokenProgram } = market.mint;
    if (REAL_RPC_URL) return ensureSharedMint(market, tokenProgram, (place % PLACES) + 1);
    const mint = await createMint(market, { name: 'other', tokenProgram });
    await allowTestMint(market, mint);
    return mint;
}

/** The one configuration of a real cluster, made by the first test that asks. */
async function ensureSharedConfig(market: TestCluster): Promise<void> {
    if (await fetchConfig(market.connection)) return;
    try {
        await initializeTestConfig(market);
    } catch (error) {
        // Another process may have been first.
        if (!(await fetchConfig(market.connection))) throw error;
    }
}

/** Creates the configuration with `TEST_PARAMS` unless told. */
export async function initializeTestConfig(market: TestCluster, params: Params = TEST_PARAMS): Promise<void> {
    const instructions = await getInitializeConfigInstructions({
        upgradeAuthority: market.deployer.publicKey,
        board: KEYS.board.publicKey,
        guardian: KEYS.guardian.publicKey,
        treasury: KEYS.treasury.publicKey,
        clusterTag: CLUSTER_TAG,
        development: true,
        feeBasisPoints: FEE_BASIS_POINTS,
        params,
    });
    await send(market, instructions, [market.deployer]);
}

/** Puts a mint on the allow-list and creates its stake vault. */
export async function allowTestMint(market: TestCluster, mint: TestMint): Promise<void> {
    const allow = await getAllowMintInstructions({ board: KEYS.board.publicKey, mint: mint.address });
    const createVault = await getCreateStakeVaultInstructions({
        payer: market.deployer.publicKey,
        mint: mint.address,
        tokenProgram: mint.tokenProgram,
    });
    await send(market, [...allow, ...createVault], [market.deployer, KEYS.board]);
}

/**
 * A marketplace of its own for one test: configuration and one allowed mint, nobody registered. The state up to there
 * is made once per process and token program.
 *
 * @example const market = await createTestMarket({ tokenProgram: TOKEN_2022_PROGRAM_ID });
 */
export async function createTestMarket(options: TestMarketOptions = {}): Promise<TestMarket> {
    const { tokenProgram = TOKEN_PROGRAM_ID, params = TEST_PARAMS, clock } = options;
    renewKeys();
    const key = [tokenProgram.toBase58(), programsFolder(), ...Object.values(params)].join(' ');
    const pending = prepared.get(key) ?? prepare(tokenProgram, params);
    prepared.set(key, pending);
    const { snapshot, mint } = await pending;
    return { ...(await startTestCluster(snapshot, clock)), ...KEYS, mint };
}
