import { type ParsedTransactionWithMeta, PublicKey, type VersionedTransactionResponse } from '@solana/web3.js';
import { sdkError } from '../errors/sdk-error.js';
import { fromBase58 } from '../programs/anchor.js';
import type { DefinedOf, EventName, IdlConst } from '../programs/idl-types.js';
import { decodeDefined } from '../programs/idl-values.js';
import { findProgramName, IDLS, type Idls, type ProgramName } from '../programs/ids.js';
import { CODERS } from '../programs/instruction.js';
import { DISCRIMINATOR_BYTES, dataSize } from '../programs/layout.js';
import { assertListsFit } from '../programs/list-lengths.js';
import { readLogData } from './log-data.js';

/** One event of one program, with the fields of its struct in the IDL. */
export type ProgramEvent<Program extends ProgramName, Name extends EventName<Idls[Program]>> = {
    readonly program: Program;
    readonly name: Name;
    readonly data: DefinedOf<Idls[Program], Name>;
};

/** Any event of the marketplace; `program` and `name` together tell which. */
export type MarketplaceEvent = {
    [Program in ProgramName]: { [Name in EventName<Idls[Program]>]: ProgramEvent<Program, Name> }[EventName<
        Idls[Program]
    >];
}[ProgramName];

/** A transaction as `getTransaction` (with maxSupportedTransactionVersion) or `getParsedTransaction` returns it. */
export type EventSource = VersionedTransactionResponse | ParsedTransactionWithMeta;

/** First 8 bytes of the instruction with which a program writes an event to itself (Anchor `EVENT_IX_TAG`). */
const EVENT_TAG = Uint8Array.of(0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d);

interface InnerInstruction {
    readonly programId: PublicKey;
    /** Base58. */
    readonly data: string;
}

function* innerInstructions(transaction: EventSource): Generator<InnerInstruction> {
    const { message } = transaction.transaction;
    const keys =
        'getAccountKeys' in message
            ? message.getAccountKeys({ accountKeysFromLookups: transaction.meta?.loadedAddresses ?? null })
            : null;
    for (const group of transaction.meta?.innerInstructions ?? []) {
        for (const inner of group.instructions) {
            if (!('data' in inner)) continue;
            const programId = 'programId' in inner ? inner.programId : keys?.get(inner.programIdIndex);
            if (programId) yield { programId, data: inner.data };
        }
    }
}

function decodeInner({ programId, data }: InnerInstruction): MarketplaceEvent | null {
    const bytes = fromBase58(data);
    if (EVENT_TAG.some((byte, index) => bytes[index] !== byte)) return null;
    return decodeEvent(programId, bytes.subarray(EVENT_TAG.length));
}

function decodeEvent(programId: PublicKey, event: Uint8Array): MarketplaceEvent | null {
    const program = findProgramName(new PublicKey(programId));
    if (program === null) return null;
    try {
        return decodeKnownEvent(program, event);
    } catch (cause) {
        throw sdkError('MKT_SDK__EVENT_INVALID', { program, bytes: event.length }, { cause });
    }
}

/** The coder does not notice that a number or key is cut short; the length does. */
function decodeKnownEvent(program: ProgramName, bytes: Uint8Array): MarketplaceEvent | null {
    const idl: IdlConst = IDLS[program];
    const known = idl.events.find(({ discriminator }) => discriminator.every((byte, index) => bytes[index] === byte));
    if (!known) return null;
    if (bytes.length < dataSize(idl, known.name)) throw new RangeError(`${known.name} is cut short`);
    assertListsFit(idl, known.name, bytes, DISCRIMINATOR_BYTES);
    const event = CODERS[program].decodeEvent(bytes);
    if (event === null) return null;
    return { program, name: event.name, data: decodeDefined(idl, event.name, event.data) } as MarketplaceEvent;
}

/**
 * The marketplace's events in a transaction; none of a failed transaction, whose state changes did not happen either.
 * First those by instruction, then those in the log, each in the order in which they happened. Instructions that run once
 * an epoch write to the log, which costs a tenth; a node may cut long logs, so that accounts stay the source of truth.
 * Events that this version of the SDK does not know are left out.
 *
 * They are trustworthy without a look at the caller: the instruction that carries an event succeeds only when its own
 * program signed it with its event authority, and the runtime says in the log who writes.
 *
 * @throws MarketplaceError MKT_SDK__EVENT_INVALID when a known event does not have its fields.
 * @example
 * const transaction = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
 * for (const event of transaction ? decodeEvents(transaction) : []) {
 *     if (event.name === 'ContractFunded') show(event.data.amount);
 * }
 */
export function decodeEvents(transaction: EventSource): MarketplaceEvent[] {
    if (transaction.meta === null || transaction.meta.err !== null) return [];
    const events: MarketplaceEvent[] = [];
    for (const inner of innerInstructions(transaction)) {
        const event = decodeInner(inner);
        if (event) events.push(event);
    }
    for (const { programId, data } of readLogData(transaction.meta.logMessages ?? [])) {
        const event = decodeEvent(programId, data);
        if (event) events.push(event);
    }
    return events;
}
