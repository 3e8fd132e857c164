import { MAX_TRANSACTION_BYTES } from '../limits.js';
import { encodeBase58 } from './addresses.js';

/** The bytes are not a transaction, or not one that any validator would take; the message says what is wrong. */
export class MalformedTransactionError extends Error {
    override readonly name = 'MalformedTransactionError';
}

export interface CompiledInstruction {
    readonly programIndex: number;
    readonly accounts: Uint8Array;
    readonly data: Uint8Array;
}

export interface TableLookup {
    readonly accountKey: string;
    readonly writableIndexes: Uint8Array;
    readonly readonlyIndexes: Uint8Array;
}

export interface WireMessage {
    readonly version: 'legacy' | 0;
    readonly requiredSignatures: number;
    readonly readonlySigned: number;
    readonly readonlyUnsigned: number;
    readonly staticKeys: readonly string[];
    readonly recentBlockhash: string;
    readonly instructions: readonly CompiledInstruction[];
    readonly lookups: readonly TableLookup[];
}

export interface WireTransaction {
    readonly bytes: Uint8Array;
    /** Base58; the first one names the transaction. */
    readonly signatures: readonly string[];
    readonly message: WireMessage;
}

const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const VERSION_FLAG = 0x80;

class Reader {
    private offset = 0;
    constructor(private readonly bytes: Uint8Array) {}

    get remaining(): number {
        return this.bytes.length - this.offset;
    }

    peek(): number {
        return this.bytes[this.offset] ?? this.fail();
    }

    byte(): number {
        return this.take(1)[0] ?? this.fail();
    }

    take(length: number): Uint8Array {
        if (length > this.remaining) this.fail();
        this.offset += length;
        return this.bytes.subarray(this.offset - length, this.offset);
    }

    /**
     * Solana's compact-u16. Only the shortest spelling is taken: the runtime refuses the others by ending the whole
     * process, so nothing that is not canonical may get past this reader.
     */
    length(): number {
        let value = 0;
        for (let index = 0; index < 3; index++) {
            const byte = this.byte();
            value |= (byte & 0x7f) << (index * 7);
            if ((byte & 0x80) !== 0) continue;
            if (index > 0 && byte === 0)
                throw new MalformedTransactionError('a length is not spelled in its shortest form');
            if (value > 0xffff) break;
            return value;
        }
        throw new MalformedTransactionError('a length does not fit 16 bits');
    }

    private fail(): never {
        throw new MalformedTransactionError('the transaction ends early');
    }
}

function readKeys(reader: Reader): string[] {
    const count = reader.length();
    const keys: string[] = [];
    for (let index = 0; index < count; index++) keys.push(encodeBase58(reader.take(KEY_BYTES)));
    return keys;
}

function readInstructions(reader: Reader): CompiledInstruction[] {
    const count = reader.length();
    const instructions: CompiledInstruction[] = [];
    for (let index = 0; index < count; index++) {
        const programIndex = reader.byte();
        const accounts = reader.take(reader.length());
        const data = reader.take(reader.length());
        instructions.push({ programIndex, accounts, data });
    }
    return instructions;
}

function readLookups(reader: Reader): TableLookup[] {
    const count = reader.length();
    const lookups: TableLookup[] = [];
    for (let index = 0; index < count; index++) {
        const accountKey = encodeBase58(reader.take(KEY_BYTES));
        const writableIndexes = reader.take(reader.length());
        const readonlyIndexes = reader.take(reader.length());
        lookups.push({ accountKey, writableIndexes, readonlyIndexes });
    }
    return lookups;
}

function readMessage(reader: Reader): WireMessage {
    let version: 'legacy' | 0 = 'legacy';
    if ((reader.peek() & VERSION_FLAG) !== 0) {
        const number = reader.byte() & ~VERSION_FLAG;
        if (number !== 0) {
            throw new MalformedTransactionError(
                `transaction version ${number} is not supported by this simulated cluster; send legacy or version 0`,
            );
        }
        version = 0;
    }
    const requiredSignatures = reader.byte();
    const readonlySigned = reader.byte();
    const readonlyUnsigned = reader.byte();
    const staticKeys = readKeys(reader);
    const recentBlockhash = encodeBase58(reader.take(KEY_BYTES));
    const instructions = readInstructions(reader);
    const lookups = version === 0 ? readLookups(reader) : [];
    return {
        version,
        requiredSignatures,
        readonlySigned,
        readonlyUnsigned,
        staticKeys,
        recentBlockhash,
        instructions,
        lookups,
    };
}

function isSane(message: WireMessage): boolean {
    const keys = message.staticKeys.length;
    if (message.requiredSignatures === 0 || message.readonlySigned >= message.requiredSignatures) return false;
    if (message.requiredSignatures + message.readonlyUnsigned > keys) return false;
    let total = keys;
    for (const lookup of message.lookups) {
        const loaded = lookup.writableIndexes.length + lookup.readonlyIndexes.length;
        if (loaded === 0) return false;
        total += loaded;
    }
    if (total > 256) return false;
    return message.instructions.every(
        ({ programIndex, accounts }) =>
            programIndex !== 0 && programIndex < keys && accounts.every((index) => index < total),
    );
}

/** Parses a message alone (as `getFeeForMessage` is given it). Throws MalformedTransactionError. */
export function parseMessage(bytes: Uint8Array): WireMessage {
    if (bytes.length > MAX_TRANSACTION_BYTES) throw new MalformedTransactionError('the message is too large');
    const reader = new Reader(bytes);
    const message = readMessage(reader);
    if (reader.remaining > 0) throw new MalformedTransactionError(`${reader.remaining} bytes follow the message`);
    if (!isSane(message)) {
        throw new MalformedTransactionError('Transaction failed to sanitize accounts offsets correctly');
    }
    return message;
}

/**
 * Parses a transaction from its wire form, strictly: every byte accounted for, every index in range.
 *
 * LiteSVM ends the process on bytes it cannot read, so this parser is the wall a hostile sender meets.
 * Throws MalformedTransactionError.
 */
export function parseTransaction(bytes: Uint8Array): WireTransaction {
    if (bytes.length > MAX_TRANSACTION_BYTES) {
        throw new MalformedTransactionError(
            `the transaction has ${bytes.length} bytes, at most ${MAX_TRANSACTION_BYTES} are allowed`,
        );
    }
    const reader = new Reader(bytes);
    const count = reader.length();
    const signatures: string[] = [];
    for (let index = 0; index < count; index++) signatures.push(encodeBase58(reader.take(SIGNATURE_BYTES)));
    const message = readMessage(reader);
    if (reader.remaining > 0) throw new MalformedTransactionError(`${reader.remaining} bytes follow the transaction`);
    if (signatures.length !== message.requiredSignatures || !isSane(message)) {
        throw new MalformedTransactionError('Transaction failed to sanitize accounts offsets correctly');
    }
    return { bytes, signatures, message };
}

/** Whether the key at `index` is locked for writing, by the message alone (reserved keys are not looked at). */
export function isWritableIndex(message: WireMessage, index: number, loadedWritable: number): boolean {
    const keys = message.staticKeys.length;
    if (index >= keys) return index < keys + loadedWritable;
    if (index < message.requiredSignatures) return index < message.requiredSignatures - message.readonlySigned;
    return index < keys - message.readonlyUnsigned;
}
