import { z } from 'zod';
import { encodeBase58 } from '../ledger/addresses.js';
import { isWritableIndex, parseTransaction, type WireTransaction } from '../ledger/wire-transaction.js';
import { parseInstruction } from '../parsed/instruction.js';
import type { ExecutedTransaction, InnerInstructionSet } from '../types.js';
import { RpcError, UNSUPPORTED_TRANSACTION_VERSION } from './errors.js';

export const transactionFormatSchema = z.enum(['json', 'jsonParsed', 'base58', 'base64', 'binary']);
export type TransactionFormat = z.infer<typeof transactionFormatSchema>;

function headerOf({ message }: WireTransaction): object {
    return {
        numReadonlySignedAccounts: message.readonlySigned,
        numReadonlyUnsignedAccounts: message.readonlyUnsigned,
        numRequiredSignatures: message.requiredSignatures,
    };
}

function encodeJson(transaction: WireTransaction): object {
    const { message, signatures } = transaction;
    const lookups = message.lookups.map((lookup) => ({
        accountKey: lookup.accountKey,
        readonlyIndexes: [...lookup.readonlyIndexes],
        writableIndexes: [...lookup.writableIndexes],
    }));
    return {
        message: {
            accountKeys: message.staticKeys,
            ...(message.version === 'legacy' ? {} : { addressTableLookups: lookups }),
            header: headerOf(transaction),
            instructions: message.instructions.map((instruction) => ({
                accounts: [...instruction.accounts],
                data: encodeBase58(instruction.data),
                programIdIndex: instruction.programIndex,
                stackHeight: 1,
            })),
            recentBlockhash: message.recentBlockhash,
        },
        signatures,
    };
}

function encodeParsed(transaction: WireTransaction, executed: ExecutedTransaction): object {
    const { message, signatures } = transaction;
    const keys = executed.accountKeys;
    const accountKeys = keys.map((pubkey, index) => ({
        pubkey,
        signer: index < message.requiredSignatures,
        source: index < message.staticKeys.length ? 'transaction' : 'lookupTable',
        writable: isWritableIndex(message, index, executed.loadedAddresses.writable.length),
    }));
    const lookups = message.lookups.map((lookup) => ({
        accountKey: lookup.accountKey,
        readonlyIndexes: [...lookup.readonlyIndexes],
        writableIndexes: [...lookup.writableIndexes],
    }));
    const instructions = message.instructions.map((instruction) =>
        parseInstruction({
            programId: keys[instruction.programIndex] ?? '',
            accounts: [...instruction.accounts].map((index) => keys[index] ?? ''),
            data: instruction.data,
            stackHeight: 1,
        }),
    );
    return {
        message: {
            accountKeys,
            ...(message.version === 'legacy' ? {} : { addressTableLookups: lookups }),
            instructions,
            recentBlockhash: message.recentBlockhash,
        },
        signatures,
    };
}

/** The transaction itself in the format asked for. */
export function encodeTransaction(executed: ExecutedTransaction, format: TransactionFormat): unknown {
    if (format === 'base64') return [Buffer.from(executed.wire).toString('base64'), 'base64'];
    if (format === 'base58') return [encodeBase58(executed.wire), 'base58'];
    if (format === 'binary') return encodeBase58(executed.wire);
    const transaction = parseTransaction(executed.wire);
    return format === 'json' ? encodeJson(transaction) : encodeParsed(transaction, executed);
}

/** Inner instructions with their data as base58. */
export function encodeInnerInstructions(sets: readonly InnerInstructionSet[]): object[] {
    return sets.map(({ index, instructions }) => ({
        index,
        instructions: instructions.map((inner) => ({ ...inner, data: encodeBase58(inner.data) })),
    }));
}

function innerInstructions(executed: ExecutedTransaction, format: TransactionFormat): unknown {
    if (format !== 'jsonParsed') return encodeInnerInstructions(executed.innerInstructions);
    const keys = executed.accountKeys;
    return executed.innerInstructions.map(({ index, instructions }) => ({
        index,
        instructions: instructions.map((inner) =>
            parseInstruction({
                programId: keys[inner.programIdIndex] ?? '',
                accounts: inner.accounts.map((account) => keys[account] ?? ''),
                data: inner.data,
                stackHeight: inner.stackHeight,
            }),
        ),
    }));
}

/** What came of the transaction. */
export function encodeMeta(executed: ExecutedTransaction, format: TransactionFormat): object {
    return {
        computeUnitsConsumed: executed.computeUnitsConsumed,
        err: executed.err,
        fee: executed.fee,
        innerInstructions: innerInstructions(executed, format),
        ...(format === 'jsonParsed' ? {} : { loadedAddresses: executed.loadedAddresses }),
        logMessages: executed.logs,
        postBalances: executed.postBalances,
        postTokenBalances: executed.postTokenBalances,
        preBalances: executed.preBalances,
        preTokenBalances: executed.preTokenBalances,
        ...(executed.returnData === null ? {} : { returnData: executed.returnData }),
        rewards: [],
        status: executed.err === null ? { Ok: null } : { Err: executed.err },
    };
}

/** The version, if the client said it can read it. Throws RpcError -32015 otherwise. */
export function checkedVersion(
    executed: ExecutedTransaction,
    maxSupported: number | null | undefined,
): 'legacy' | 0 | undefined {
    const { version } = parseTransaction(executed.wire).message;
    if (maxSupported != null) return version;
    if (version === 'legacy') return undefined;
    throw new RpcError(
        UNSUPPORTED_TRANSACTION_VERSION,
        `Transaction version (${version}) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": ${version}`,
    );
}
