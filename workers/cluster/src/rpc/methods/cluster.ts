import { z } from 'zod';
import { BLOCKHASH_WINDOW_SLOTS, SLOTS_PER_EPOCH } from '../../limits.js';
import { assertContext, CLUSTER_VERSION, type RpcContext, type RpcMethods, withContext } from '../context.js';
import { invalidParams } from '../errors.js';
import { contextConfig, parseParams, unsignedSchema } from '../params.js';

/** What `getEpochInfo` tells; time travel answers with it too. */
export function epochInfo({ ledger }: RpcContext): object {
    const { slot } = ledger.clock;
    return {
        absoluteSlot: slot,
        blockHeight: slot,
        epoch: slot / SLOTS_PER_EPOCH,
        slotIndex: slot % SLOTS_PER_EPOCH,
        slotsInEpoch: SLOTS_PER_EPOCH,
        transactionCount: ledger.history.count,
    };
}

/**
 * The slot as seen at a commitment. `processed` is the slot under way; the others lag one behind, so that a client may
 * name the slot as a recent one (SlotHashes holds finished slots only), as on a cluster.
 */
function slotAt(context: RpcContext, params: readonly unknown[]): bigint {
    const [config] = parseParams([contextConfig], params);
    assertContext(context.ledger, config);
    const { slot } = context.ledger.clock;
    const isProcessed = config?.commitment === 'processed' || config?.commitment === 'recent';
    return isProcessed ? slot : slot - 1n;
}

function currentSlot(context: RpcContext, params: readonly unknown[]): bigint {
    const [config] = parseParams([contextConfig], params);
    assertContext(context.ledger, config);
    return context.ledger.clock.slot;
}

export const clusterMethods: RpcMethods = {
    getHealth: () => 'ok',
    getVersion: () => ({ 'solana-core': CLUSTER_VERSION, 'feature-set': 0 }),
    getGenesisHash: (_params, { ledger }) => ledger.identity.genesisHash,
    getIdentity: (_params, { ledger }) => ({ identity: ledger.identity.genesisHash }),
    getSlot: (params, context) => slotAt(context, params),
    getBlockHeight: (params, context) => currentSlot(context, params),
    getSlotLeader: (_params, { ledger }) => ledger.identity.genesisHash,
    getEpochInfo: (params, context) => {
        currentSlot(context, params);
        return epochInfo(context);
    },
    getEpochSchedule: () => ({
        firstNormalEpoch: 0,
        firstNormalSlot: 0,
        leaderScheduleSlotOffset: SLOTS_PER_EPOCH,
        slotsPerEpoch: SLOTS_PER_EPOCH,
        warmup: false,
    }),
    getTransactionCount: (params, context) => {
        currentSlot(context, params);
        return context.ledger.history.count;
    },
    getLatestBlockhash: (params, context) => {
        const slot = currentSlot(context, params);
        return withContext(context.ledger, {
            blockhash: context.ledger.hashes.blockhash(slot),
            lastValidBlockHeight: slot + BigInt(BLOCKHASH_WINDOW_SLOTS),
        });
    },
    isBlockhashValid: (params, { ledger }) => {
        const [blockhash, config] = parseParams([z.string().max(64), contextConfig], params);
        assertContext(ledger, config);
        return withContext(ledger, ledger.hashes.slotOf(blockhash) !== undefined);
    },
    getMinimumBalanceForRentExemption: (params, { ledger }) => {
        const [length] = parseParams([unsignedSchema, contextConfig], params);
        if (length > 10 * 1024 * 1024) throw invalidParams('an account holds at most 10485760 bytes');
        return ledger.minimumBalance(length);
    },
    getVoteAccounts: () => ({ current: [], delinquent: [] }),
    getClusterNodes: () => [],
};
