import type { Connection, PublicKey } from '@solana/web3.js';
import { errorMessageOf } from './errors.js';
import type { Logger } from './logger.js';

/** Micro-lamports per compute unit. At 200 000 units the cap costs 0.0001 SOL: more than that is a wrong estimate. */
export const MAX_MICRO_LAMPORTS_PER_COMPUTE_UNIT = 500_000;
/** Estimates older than this are asked anew. */
const CACHE_MS = 10_000;
const PERCENTILE = 0.75;

export type PriorityFeeEstimator = (writable: readonly PublicKey[]) => Promise<number>;
type HeliusEstimator = (accountKeys: string[]) => Promise<number | undefined>;
type Options = { connection: Connection; rpcUrl: string; heliusApiKey?: string; log: Logger };

/**
 * Priority fee in micro-lamports per compute unit, ≤ 500 000: Helius's estimate where a key is configured or the RPC
 * answers `getPriorityFeeEstimate`, else the 75th percentile of `getRecentPrioritizationFees`, else 0. Never throws: a
 * transaction without priority is late at worst.
 */
export function createPriorityFeeEstimator(options: Options): PriorityFeeEstimator {
    const { connection, log } = options;
    let helius: Promise<HeliusEstimator | null> | undefined;
    const cache = new Map<string, { fee: number; expiresAtMs: number }>();
    return async (writable) => {
        const accountKeys = writable.map((key) => key.toBase58()).sort();
        const cacheKey = accountKeys.join();
        const cached = cache.get(cacheKey);
        if (cached !== undefined && cached.expiresAtMs > Date.now()) return cached.fee;
        let fee = 0;
        try {
            helius ??= findHelius(options);
            fee = (await (await helius)?.(accountKeys)) ?? (await estimateFromRecent(connection, writable));
        } catch (error) {
            log.debug({ reason: errorMessageOf(error) }, 'no priority fee estimate, going without');
        }
        fee = Math.min(Math.max(0, Math.ceil(fee)), MAX_MICRO_LAMPORTS_PER_COMPUTE_UNIT);
        if (cache.size > 256) cache.clear();
        cache.set(cacheKey, { fee, expiresAtMs: Date.now() + CACHE_MS });
        return fee;
    };
}

/** Nearest-rank percentile; 0 for no data. */
export function percentile(values: readonly number[], fraction: number): number {
    const sorted = [...values].sort((left, right) => left - right);
    return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? 0;
}

async function estimateFromRecent(connection: Connection, writable: readonly PublicKey[]): Promise<number> {
    const recent = await connection.getRecentPrioritizationFees({ lockedWritableAccounts: writable.slice(0, 128) });
    return percentile(
        recent.map(({ prioritizationFee }) => prioritizationFee),
        PERCENTILE,
    );
}

/** The SDK weighs tens of megabytes: it is loaded only where something answers it. */
async function findHelius({ rpcUrl, heliusApiKey }: Options): Promise<HeliusEstimator | null> {
    if (heliusApiKey === undefined && !(await answersPriorityFeeEstimate(rpcUrl))) return null;
    const { createHelius } = await import('helius-sdk');
    const client = createHelius(
        heliusApiKey !== undefined && /^https:\/\/[^/]*helius/.test(rpcUrl)
            ? { apiKey: heliusApiKey, network: rpcUrl.includes('devnet') ? 'devnet' : 'mainnet' }
            : { baseUrl: rpcUrl },
    );
    return async (accountKeys) => {
        const answer = await client.getPriorityFeeEstimate({ accountKeys, options: { recommended: true } });
        return answer.priorityFeeEstimate;
    };
}

async function answersPriorityFeeEstimate(rpcUrl: string): Promise<boolean> {
    const response = await fetch(rpcUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'getPriorityFeeEstimate',
            params: [{ accountKeys: ['11111111111111111111111111111111'], options: { recommended: true } }],
        }),
        signal: AbortSignal.timeout(5_000),
    });
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null && 'result' in answer && answer.result !== null;
}
