import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { decodeBase58, encodeBase58 } from '../ledger/addresses.js';
import type { LedgerJournal } from '../ledger/ledger.js';
import type { ClockState } from '../ledger/slot-clock.js';
import type { AccountView } from '../types.js';
import { damaged } from './errors.js';
import { encodeFrame, scanFrames } from './frames.js';

const MAGIC = Buffer.from('SIMJRNL1');
const HEAD_BYTES = 16;
/** kind u8 | slot u64 | unix seconds i64 | offset milliseconds f64 */
const COMMON_BYTES = 25;
const KIND_TRANSACTION = 1;
const KIND_ACCOUNT = 2;
const KIND_CLOCK = 3;
/** address 32 | lamports u64 | owner 32 | executable u8, then the data */
const ACCOUNT_HEAD_BYTES = 73;

export type JournalRecord =
    | { readonly kind: 'transaction'; readonly clock: ClockState; readonly wire: Uint8Array }
    | { readonly kind: 'account'; readonly clock: ClockState; readonly address: string; readonly account: AccountView }
    | { readonly kind: 'clock'; readonly clock: ClockState; readonly reservedSlot: bigint };

function encodeCommon(kind: number, clock: ClockState, bodyBytes: number): Buffer {
    const payload = Buffer.alloc(COMMON_BYTES + bodyBytes);
    payload[0] = kind;
    payload.writeBigUInt64LE(clock.slot, 1);
    payload.writeBigInt64LE(clock.unixTimestamp, 9);
    payload.writeDoubleLE(clock.offsetMs, 17);
    return payload;
}

function decodeAccount(body: Buffer): { address: string; account: AccountView } {
    return {
        address: encodeBase58(body.subarray(0, 32)),
        account: {
            lamports: body.readBigUInt64LE(32),
            owner: encodeBase58(body.subarray(40, 72)),
            executable: body[72] === 1,
            data: body.subarray(ACCOUNT_HEAD_BYTES),
            rentEpoch: 0n,
        },
    };
}

function decodeRecord(file: string, payload: Buffer): JournalRecord {
    if (payload.length < COMMON_BYTES) throw damaged(file, 'a record is too short');
    const clock = {
        slot: payload.readBigUInt64LE(1),
        unixTimestamp: payload.readBigInt64LE(9),
        offsetMs: payload.readDoubleLE(17),
    };
    const body = payload.subarray(COMMON_BYTES);
    if (payload[0] === KIND_TRANSACTION) return { kind: 'transaction', clock, wire: body };
    if (payload[0] === KIND_ACCOUNT && body.length >= ACCOUNT_HEAD_BYTES) {
        return { kind: 'account', clock, ...decodeAccount(body) };
    }
    if (payload[0] === KIND_CLOCK && body.length === 8) {
        return { kind: 'clock', clock, reservedSlot: body.readBigUInt64LE(0) };
    }
    throw damaged(file, `a record has the unknown kind ${payload[0]}`);
}

/** Makes an empty journal that follows snapshot `generation`, durable when this returns. */
export function createJournalFile(path: string, generation: number): void {
    const head = Buffer.alloc(HEAD_BYTES);
    MAGIC.copy(head);
    head.writeBigUInt64LE(BigInt(generation), 8);
    const file = openSync(path, 'w', 0o600);
    try {
        writeSync(file, head);
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
}

/**
 * The append-only record of all that changed since a snapshot. Each record is handed to the operating system before its
 * answer is sent, so that killing the process loses nothing answered; against power cuts it is synced every second.
 */
export class Journal implements LedgerJournal {
    private readonly file: number;
    private dirty = false;
    private size: number;
    private changes = 0;

    private constructor(
        readonly path: string,
        size: number,
    ) {
        this.file = openSync(path, 'r+');
        this.size = size;
    }

    /** Opens the journal of a generation, cuts off a torn tail, and returns what it holds. Throws StateError. */
    static open(path: string, generation: number): { journal: Journal; records: JournalRecord[]; tornBytes: number } {
        const data = readFileSync(path);
        const isOurs = data.length >= HEAD_BYTES && data.subarray(0, 8).equals(MAGIC);
        if (!isOurs || data.readBigUInt64LE(8) !== BigInt(generation))
            throw damaged(path, 'its head is not that of a journal');
        const { payloads, validBytes, tornBytes } = scanFrames(path, data, HEAD_BYTES);
        const records = payloads.map((payload) => decodeRecord(path, payload));
        const journal = new Journal(path, validBytes);
        if (tornBytes > 0) ftruncateSync(journal.file, validBytes);
        journal.changes = records.filter(({ kind }) => kind !== 'clock').length;
        return { journal, records, tornBytes };
    }

    /** Bytes, and records other than mere clock readings. */
    get extent(): { readonly bytes: number; readonly changes: number } {
        return { bytes: this.size, changes: this.changes };
    }

    recordTransaction(clock: ClockState, wire: Uint8Array): void {
        const payload = encodeCommon(KIND_TRANSACTION, clock, wire.length);
        payload.set(wire, COMMON_BYTES);
        this.changes++;
        this.append(payload);
    }

    recordAccount(clock: ClockState, address: string, account: AccountView): void {
        const payload = encodeCommon(KIND_ACCOUNT, clock, ACCOUNT_HEAD_BYTES + account.data.length);
        const body = payload.subarray(COMMON_BYTES);
        body.set(decodeBase58(address), 0);
        body.writeBigUInt64LE(account.lamports, 32);
        body.set(decodeBase58(account.owner), 40);
        body[72] = account.executable ? 1 : 0;
        body.set(account.data, ACCOUNT_HEAD_BYTES);
        this.changes++;
        this.append(payload);
    }

    recordClock(clock: ClockState, reservedSlot: bigint): void {
        const payload = encodeCommon(KIND_CLOCK, clock, 8);
        payload.writeBigUInt64LE(reservedSlot, COMMON_BYTES);
        this.append(payload);
    }

    /** Asks the disk to keep what was written; reports failure to `onError`. */
    sync(onError: (error: Error) => void): void {
        if (!this.dirty) return;
        this.dirty = false;
        fdatasync(this.file, (error) => {
            // EBADF: a snapshot replaced this journal meanwhile, and synced it.
            if (error !== null && error.code !== 'EBADF') onError(error);
        });
    }

    close(): void {
        closeSync(this.file);
    }

    private append(payload: Buffer): void {
        const frame = encodeFrame(payload);
        let written = 0;
        while (written < frame.length) {
            written += writeSync(this.file, frame, written, frame.length - written, this.size + written);
        }
        this.size += frame.length;
        this.dirty = true;
    }
}
