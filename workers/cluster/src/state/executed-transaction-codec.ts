import type { ExecutedTransaction, InnerInstructionView } from '../types.js';

type StoredInner = { index: number; instructions: (Omit<InnerInstructionView, 'data'> & { data: string })[] };
type Stored = {
    [Field in keyof ExecutedTransaction]: Field extends 'innerInstructions'
        ? StoredInner[]
        : Field extends 'wire'
          ? string
          : ExecutedTransaction[Field] extends bigint
            ? string
            : ExecutedTransaction[Field] extends readonly bigint[]
              ? string[]
              : ExecutedTransaction[Field];
};

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');

/** JSON, so that a history outlives any one version of Node; bigints as decimal text, bytes as base64. */
export function encodeExecuted(transaction: ExecutedTransaction): Buffer {
    const stored: Stored = {
        ...transaction,
        slot: transaction.slot.toString(),
        blockTime: transaction.blockTime.toString(),
        wire: toBase64(transaction.wire),
        fee: transaction.fee.toString(),
        preBalances: transaction.preBalances.map(String),
        postBalances: transaction.postBalances.map(String),
        computeUnitPrice: transaction.computeUnitPrice.toString(),
        innerInstructions: transaction.innerInstructions.map(({ index, instructions }) => ({
            index,
            instructions: instructions.map((inner) => ({ ...inner, data: toBase64(inner.data) })),
        })),
    };
    return Buffer.from(JSON.stringify(stored));
}

export function decodeExecuted(data: Buffer): ExecutedTransaction {
    const stored = JSON.parse(data.toString('utf8')) as Stored;
    return {
        ...stored,
        slot: BigInt(stored.slot),
        blockTime: BigInt(stored.blockTime),
        wire: fromBase64(stored.wire),
        fee: BigInt(stored.fee),
        preBalances: stored.preBalances.map(BigInt),
        postBalances: stored.postBalances.map(BigInt),
        computeUnitPrice: BigInt(stored.computeUnitPrice),
        innerInstructions: stored.innerInstructions.map(({ index, instructions }) => ({
            index,
            instructions: instructions.map((inner) => ({ ...inner, data: fromBase64(inner.data) })),
        })),
    };
}
