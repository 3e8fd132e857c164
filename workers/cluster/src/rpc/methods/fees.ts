import { z } from 'zod';
import { resolveLookups } from '../../ledger/lookup-tables.js';
import { isWritableIndex } from '../../ledger/wire-transaction.js';
import { BLOCKHASH_WINDOW_SLOTS, MAX_PRIORITIZATION_ADDRESSES } from '../../limits.js';
import type { RpcContext, RpcMethods } from '../context.js';
import { invalidParams } from '../errors.js';
import { parseParams, pubkeySchema } from '../params.js';
import { decodeTransaction } from '../transaction-params.js';

/** Percentiles behind the names of the Helius API. */
const LEVELS = { min: 0, low: 25, medium: 50, high: 75, veryHigh: 95, unsafeMax: 100 } as const;
/** The Helius API recommends no less than this, in micro-lamports per compute unit. */
const RECOMMENDED_MINIMUM = 10_000;

const addressList = z
    .array(pubkeySchema)
    .max(MAX_PRIORITIZATION_ADDRESSES, `too many inputs, at most ${MAX_PRIORITIZATION_ADDRESSES} are allowed`);

const estimateRequest = z.looseObject({
    transaction: z.string().nullish(),
    accountKeys: addressList.nullish(),
    options: z
        .looseObject({
            transactionEncoding: z.enum(['Base58', 'Base64', 'base58', 'base64']).nullish(),
            priorityLevel: z
                .enum([
                    'Min',
                    'Low',
                    'Medium',
                    'High',
                    'VeryHigh',
                    'UnsafeMax',
                    'Default',
                    'NONE',
                    'LOW',
                    'MEDIUM',
                    'HIGH',
                ])
                .nullish(),
            includeAllPriorityFeeLevels: z.boolean().nullish(),
            lookbackSlots: z.number().int().min(1).max(BLOCKHASH_WINDOW_SLOTS).nullish(),
            recommended: z.boolean().nullish(),
        })
        .nullish(),
});
type EstimateRequest = z.infer<typeof estimateRequest>;

/** Linear interpolation between closest ranks; 0 for no data. */
function percentile(sorted: readonly number[], percent: number): number {
    if (sorted.length === 0) return 0;
    const rank = (percent / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(rank)] ?? 0;
    const high = sorted[Math.ceil(rank)] ?? low;
    return low + (high - low) * (rank - Math.floor(rank));
}

function writableKeys({ ledger }: RpcContext, request: EstimateRequest): string[] {
    if (request.accountKeys != null) return request.accountKeys;
    if (request.transaction == null) throw invalidParams('params[0]: name accountKeys or a transaction');
    const encoding = request.options?.transactionEncoding?.toLowerCase() === 'base64' ? 'base64' : 'base58';
    const { message } = decodeTransaction(request.transaction, encoding);
    const loaded = resolveLookups(message, (address) => ledger.getAccount(address));
    const keys = [...message.staticKeys, ...(loaded?.writable ?? [])];
    return keys.filter((_, index) => isWritableIndex(message, index, loaded?.writable.length ?? 0));
}

function estimate(params: readonly unknown[], context: RpcContext): object {
    const [request] = parseParams([estimateRequest], params);
    const { ledger } = context;
    const slots = request.options?.lookbackSlots ?? BLOCKHASH_WINDOW_SLOTS;
    const prices = ledger.fees.sample(ledger.clock.slot, slots, writableKeys(context, request)).map(Number);
    prices.sort((a, b) => a - b);
    const at = (level: keyof typeof LEVELS): number => percentile(prices, LEVELS[level]);
    if (request.options?.includeAllPriorityFeeLevels === true) {
        const levels = Object.keys(LEVELS).map((level) => [level, at(level as keyof typeof LEVELS)]);
        return { priorityFeeLevels: Object.fromEntries(levels) };
    }
    if (request.options?.recommended === true) {
        return { priorityFeeEstimate: Math.max(at('medium'), RECOMMENDED_MINIMUM) };
    }
    const wanted = request.options?.priorityLevel ?? 'Medium';
    const level = Object.keys(LEVELS).find((name) => name.toLowerCase() === wanted.toLowerCase()) ?? 'medium';
    return { priorityFeeEstimate: at(level as keyof typeof LEVELS) };
}

export const feeMethods: RpcMethods = {
    getRecentPrioritizationFees: (params, { ledger }) => {
        const [addresses] = parseParams([addressList.nullish()], params);
        return ledger.fees.recent(ledger.clock.slot, addresses ?? []);
    },
    getPriorityFeeEstimate: estimate,
};
