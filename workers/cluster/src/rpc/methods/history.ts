import { z } from 'zod';
import { MAX_BLOCK_RANGE_SLOTS, MAX_SIGNATURE_STATUSES, MAX_SIGNATURES_PAGE } from '../../limits.js';
import type { ExecutedTransaction } from '../../types.js';
import { assertContext, type RpcContext, type RpcMethods, withContext } from '../context.js';
import { BLOCK_NOT_AVAILABLE, invalidParams, RpcError } from '../errors.js';
import {
    commitmentSchema,
    contextConfig,
    parseParams,
    pubkeySchema,
    signatureSchema,
    unsignedSchema,
} from '../params.js';
import {
    checkedVersion,
    encodeMeta,
    encodeTransaction,
    type TransactionFormat,
    transactionFormatSchema,
} from '../transaction-encoding.js';

const versionFields = {
    commitment: commitmentSchema.nullish(),
    encoding: transactionFormatSchema.nullish(),
    maxSupportedTransactionVersion: unsignedSchema.nullish(),
};
const transactionConfig = z.union([transactionFormatSchema, z.looseObject(versionFields)]).nullish();
const blockConfig = z
    .union([
        transactionFormatSchema,
        z.looseObject({
            ...versionFields,
            transactionDetails: z.enum(['full', 'accounts', 'signatures', 'none']).nullish(),
            rewards: z.boolean().nullish(),
        }),
    ])
    .nullish();

const signaturesConfig = z
    .looseObject({
        before: signatureSchema.nullish(),
        until: signatureSchema.nullish(),
        limit: z.number().int().min(1).max(MAX_SIGNATURES_PAGE).nullish(),
        commitment: commitmentSchema.nullish(),
        minContextSlot: unsignedSchema.nullish(),
    })
    .nullish();

function describeSignature(transaction: ExecutedTransaction): object {
    return {
        blockTime: transaction.blockTime,
        confirmationStatus: 'finalized',
        err: transaction.err,
        memo: transaction.memo,
        signature: transaction.signatures[0],
        slot: transaction.slot,
        transactionIndex: transaction.indexInSlot,
    };
}

function status(transaction: ExecutedTransaction | undefined): object | null {
    if (transaction === undefined) return null;
    return {
        confirmationStatus: 'finalized',
        confirmations: null,
        err: transaction.err,
        slot: transaction.slot,
        status: transaction.err === null ? { Ok: null } : { Err: transaction.err },
    };
}

function encodeExecuted(
    executed: ExecutedTransaction,
    format: TransactionFormat,
    maxSupported: number | null | undefined,
): object {
    const version = checkedVersion(executed, maxSupported);
    return {
        meta: encodeMeta(executed, format),
        transaction: encodeTransaction(executed, format),
        ...(version === undefined ? {} : { version }),
    };
}

/** A page of an address's transactions, newest first. */
function listSignatures(params: readonly unknown[], { ledger }: RpcContext): object[] {
    const [address, config] = parseParams([pubkeySchema, signaturesConfig], params);
    assertContext(ledger, config);
    const all = ledger.history.mentioning(address);
    let last = all.length - 1;
    if (config?.before != null) {
        const before = ledger.history.get(config.before);
        if (before === undefined) return [];
        while (last >= 0 && (all[last]?.sequence ?? 0) >= before.sequence) last--;
    }
    const until = config?.until == null ? undefined : ledger.history.get(config.until)?.sequence;
    const page: object[] = [];
    for (; last >= 0 && page.length < (config?.limit ?? MAX_SIGNATURES_PAGE); last--) {
        const transaction = all[last];
        if (transaction === undefined || (until !== undefined && transaction.sequence <= until)) break;
        page.push(describeSignature(transaction));
    }
    return page;
}

function assertKnownSlot({ ledger }: RpcContext, slot: bigint): bigint {
    const time = ledger.clock.timeOf(slot) ?? ledger.history.inSlot(slot)[0]?.blockTime;
    if (time === undefined || slot > ledger.clock.slot) {
        throw new RpcError(BLOCK_NOT_AVAILABLE, `Block not available for slot ${slot}`);
    }
    return time;
}

function getBlock(params: readonly unknown[], context: RpcContext): object {
    const [slotNumber, config] = parseParams([unsignedSchema, blockConfig], params);
    const { ledger } = context;
    const slot = BigInt(slotNumber);
    const blockTime = assertKnownSlot(context, slot);
    const options = typeof config === 'object' && config !== null ? config : {};
    const format = (typeof config === 'string' ? config : options.encoding) ?? 'json';
    const details = options.transactionDetails ?? 'full';
    const landed = ledger.history.inSlot(slot);
    if (details === 'accounts')
        throw invalidParams('transactionDetails "accounts" is not supported by this simulated cluster');
    return {
        blockHeight: slot,
        blockTime,
        blockhash: ledger.hashes.blockhash(slot),
        parentSlot: slot - 1n,
        previousBlockhash: ledger.hashes.blockhash(slot - 1n),
        ...(options.rewards === false ? {} : { rewards: [] }),
        ...(details === 'signatures' ? { signatures: landed.map(({ signatures }) => signatures[0]) } : {}),
        ...(details === 'full'
            ? {
                  transactions: landed.map((entry) =>
                      encodeExecuted(entry, format, options.maxSupportedTransactionVersion),
                  ),
              }
            : {}),
    };
}

/** First slot whose block can still be shown. */
function firstSlot({ ledger }: RpcContext): bigint {
    return ledger.history.oldestSlot() ?? ledger.clock.slot;
}

function blockRange(context: RpcContext, first: number, last: bigint): bigint[] {
    const { ledger } = context;
    const from = BigInt(first) > firstSlot(context) ? BigInt(first) : firstSlot(context);
    const to = last < ledger.clock.slot ? last : ledger.clock.slot;
    const slots: bigint[] = [];
    for (let slot = from; slot <= to; slot++) slots.push(slot);
    return slots;
}

export const historyMethods: RpcMethods = {
    getTransaction: (params, { ledger }) => {
        const [signature, config] = parseParams([signatureSchema, transactionConfig], params);
        const executed = ledger.history.get(signature);
        if (executed === undefined) return null;
        const options = typeof config === 'object' && config !== null ? config : {};
        const format = (typeof config === 'string' ? config : options.encoding) ?? 'json';
        const encoded = encodeExecuted(executed, format, options.maxSupportedTransactionVersion);
        return {
            blockTime: executed.blockTime,
            ...encoded,
            slot: executed.slot,
            transactionIndex: executed.indexInSlot,
        };
    },
    getSignatureStatuses: (params, { ledger }) => {
        const list = z
            .array(signatureSchema)
            .max(MAX_SIGNATURE_STATUSES, `too many inputs, at most ${MAX_SIGNATURE_STATUSES} are allowed`);
        const options = z.looseObject({ searchTransactionHistory: z.boolean().nullish() }).nullish();
        const [signatures] = parseParams([list, options], params);
        return withContext(
            ledger,
            signatures.map((signature) => status(ledger.history.get(signature))),
        );
    },
    getSignaturesForAddress: listSignatures,
    getBlock,
    getBlockTime: (params, context) => {
        const [slot] = parseParams([unsignedSchema], params);
        return assertKnownSlot(context, BigInt(slot));
    },
    getBlocks: (params, context) => {
        const [first, second] = parseParams(
            [unsignedSchema, z.union([unsignedSchema, contextConfig]).nullish(), contextConfig],
            params,
        );
        const last = typeof second === 'number' ? BigInt(second) : context.ledger.clock.slot;
        if (last - BigInt(first) > BigInt(MAX_BLOCK_RANGE_SLOTS)) {
            throw invalidParams(`Slot range too large; max ${MAX_BLOCK_RANGE_SLOTS}`);
        }
        return blockRange(context, first, last);
    },
    getBlocksWithLimit: (params, context) => {
        const [first, limit] = parseParams([unsignedSchema, unsignedSchema, contextConfig], params);
        if (limit > MAX_BLOCK_RANGE_SLOTS) throw invalidParams(`Limit too large; max ${MAX_BLOCK_RANGE_SLOTS}`);
        return blockRange(context, first, BigInt(first) + BigInt(limit) - 1n);
    },
    getFirstAvailableBlock: (_params, context) => firstSlot(context),
    minimumLedgerSlot: (_params, context) => firstSlot(context),
};
