import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainGateway, createBackoff, createLogger } from '@ocm/runtime';
import {
    CaseBook,
    createCommitterClient,
    createWatcherChain,
    FindingStore,
    NO_COPIES,
    type Policy,
    pursueChallenges,
    type ReceiptCopies,
    type WatcherChain,
    watchCommitments,
} from '@ocm/watcher';
import type { Keypair } from '@solana/web3.js';
import {
    CLUSTER_TAG,
    type FundedTrade,
    fundWallet,
    mintTokens,
    nowSecs,
    ownerBalance,
    send,
    testKeypair,
} from '../support/index.js';
import { createWorld } from '../verifier/world.js';

const signal = new AbortController().signal;
export const log = createLogger({ name: 'test', level: 'silent' });
export const FUNDS = 5_000_000n;
const GENEROUS: Policy = {
    maxBonds: 4_000_000n,
    maxLostBonds: 100_000_000n,
    maxLamports: 100_000_000n,
    randomChallenges: 2,
    patienceSecs: 20,
    freeChallenges: false,
};

/** The adapter speaks to the real programs; sending is that of all tests, since the cluster answers in this process. */
function gatewayOf({ market }: FundedTrade): ChainGateway {
    return {
        connection: market.connection,
        clusterTag: async () => CLUSTER_TAG,
        clusterTimeSecs: async () => Number(nowSecs(market)),
        sendInstructions: ({ instructions, payer }) => send(market, instructions, [payer]),
        // The watcher reads from the chain what became of what it sent.
        resumeTransaction: () => Promise.reject(new Error('nothing of a watcher is resumed')),
        close: () => undefined,
    };
}

/** A watcher with wallet, journal and evidence folder of its own beside a contract, its node and its committer. */
export async function createWatch(policy: Partial<Policy> = {}) {
    const world = await createWorld();
    const { trade } = world;
    const wallet: Keypair = testKeypair('watcher');
    await fundWallet(trade.market, wallet);
    await mintTokens(trade.market, { mint: trade.market.mint, owner: wallet.publicKey, amount: FUNDS });
    const folder = await mkdtemp(join(tmpdir(), 'ocm-watcher-'));
    const chain = createWatcherChain({ gateway: gatewayOf(trade), wallet, contracts: 'all' });
    const journal = { path: join(folder, 'watcher.journal'), log };
    const held = { cases: await CaseBook.open(journal), findings: await FindingStore.open(folder) };
    const watch = {
        world,
        chain,
        wallet,
        folder,
        get cases() {
            return held.cases;
        },
        get findings() {
            return held.findings;
        },
        /** One pass as the worker makes it. */
        async look(options: { chain?: WatcherChain; committerUrl?: string; copies?: ReceiptCopies } = {}) {
            const { committerUrl = world.committerUrl, copies = NO_COPIES } = options;
            const deps = {
                chain: options.chain ?? chain,
                committer: createCommitterClient({ committerUrl, committers: [] }),
                copies,
                ...held,
                policy: { ...GENEROUS, ...policy },
                log,
            };
            // Time of the cluster stands still in tests: what is to be tried again is due at once.
            const watched = await watchCommitments({ ...deps, backoff: createBackoff() }, signal);
            const pursued = await pursueChallenges({ ...deps, backoff: createBackoff() }, signal);
            return { watched, pursued };
        },
        /** As after kill -9: nothing but the files is left. */
        async restart() {
            await held.cases.close();
            held.cases = await CaseBook.open(journal);
            held.findings = await FindingStore.open(folder);
        },
        balance: () => ownerBalance(trade.market, trade.market.mint, wallet.publicKey),
        async dispose() {
            await held.cases.close();
            await world.dispose();
            await rm(folder, { recursive: true, force: true });
        },
    };
    return watch;
}
export type Watch = Awaited<ReturnType<typeof createWatch>>;
