import { encodeLogValue, encodeLogValues, formatLogTimestamp } from '@ocm/sdk/core';
import type { RequestEntry } from './entries.js';
import { UNKEYED_GROUP } from './groups.js';
import { type Place, type RecordContext, sessionPseudonym } from './record-fields.js';
import { applyTransforms } from './transforms.js';

const DAY_MS = 86_400_000;
/** Of each field. There are few methods, states, folders and sessions at a time. */
const MAX_REMEMBERED = 2_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

interface Source {
    entry: RequestEntry;
    place: Place;
}
interface Field {
    /** The value before its transforms. */
    value: (source: Source) => string | undefined;
    /** What alone the value follows from. */
    key?: (source: Source) => unknown;
    /** The text itself, where it is sure to have the form of its field. */
    text?: (source: Source) => string;
}
type TextOf = (source: Source, seq: number) => string;

/**
 * Texts of records in the order of `listRecordFields`, exactly as the file holds them and the commitments cover them. What the
 * SDK made of a value once is remembered, and what is made of digits here needs no check that it is.
 */
export class RecordValues {
    readonly #context: RecordContext;
    readonly #texts: readonly TextOf[];

    constructor(context: RecordContext) {
        this.#context = context;
        const fields = fieldsOf(context);
        const transforms = new Map(context.transforms);
        this.#texts = context.fields.map((name, position): TextOf => {
            const field = fields[name] ?? { value: () => undefined };
            const encode = (value: string | undefined): string =>
                position === 0
                    ? (encodeLogValues([name], { [name]: value })[0] as string)
                    : encodeLogValue(name, value);
            const applied = transforms.get(name);
            if (applied === undefined) return field.text ?? remember(field, encode);
            return (source, seq) => {
                const value = field.value(source);
                const options = { field: name, seq, ...context };
                return encode(value === undefined ? undefined : applyTransforms(value, applied, options));
            };
        });
    }

    /** `seq` is the number of the record within the epoch. */
    of(entry: RequestEntry, seq: number): string[] {
        const source = { entry, place: this.#context.places.of(entry.uri) };
        return this.#texts.map((textOf) => textOf(source, seq));
    }
}

function fieldsOf({ rules, epochKey, groups }: RecordContext): Readonly<Record<string, Field>> {
    const { surrogate, objectUris } = rules;
    const always = (value: string | undefined): Field => ({ value: () => value, key: () => null });
    return {
        date: {
            value: ({ entry }) => formatLogTimestamp(entry.endedAtMs).date,
            key: ({ entry }) => Math.floor(entry.endedAtMs / DAY_MS),
        },
        time: { value: ({ entry }) => timeOf(entry.endedAtMs), text: ({ entry }) => timeOf(entry.endedAtMs) },
        'time-taken': {
            value: ({ entry }) => (entry.takenMs / 1000).toFixed(3),
            key: ({ entry }) => entry.takenMs,
        },
        'c-groupid': {
            value: ({ entry }) => (entry.session === null ? undefined : groups.get(entry.session)) ?? UNKEYED_GROUP,
            key: ({ entry }) => entry.session,
        },
        's-ip': always(surrogate.address),
        's-hostname': always(surrogate.hostname),
        's-port': always(surrogate.port?.toString()),
        'cs-method': { value: ({ entry }) => entry.method, key: ({ entry }) => entry.method },
        'u-uri':
            objectUris === 'full'
                ? { value: ({ entry }) => entry.uri }
                : { value: ({ place }) => `${place.origin}${place.collection}`, key: ({ place }) => place },
        protocol: { value: ({ entry }) => entry.protocol, key: ({ entry }) => entry.protocol },
        'sc-status': { value: ({ entry }) => String(entry.status), key: ({ entry }) => entry.status },
        'sc-total-bytes': countField(({ entry }) => entry.totalBytes),
        'sc-entity-bytes': countField(({ entry }) => entry.entityBytes),
        's-ccid': { value: ({ place }) => place.collection, key: ({ place }) => place },
        's-sid': {
            value: ({ entry }) => (entry.session === null ? undefined : sessionPseudonym(epochKey, entry.session)),
            key: ({ entry }) => entry.session,
        },
        's-cached': { value: ({ entry }) => (entry.isCached ? '1' : '0'), key: ({ entry }) => entry.isCached },
    };
}

/** Safe integers from zero, as the schema of the entry has them. */
function countField(count: (source: Source) => number): Field {
    const value = (source: Source): string => String(count(source));
    return { value, text: value };
}

function remember({ value, key }: Field, encode: (value: string | undefined) => string): TextOf {
    if (key === undefined) return (source) => encode(value(source));
    const known = new Map<unknown, string>();
    return (source) => {
        const own = key(source);
        const text = known.get(own);
        if (text !== undefined) return text;
        const made = encode(value(source));
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(own, made);
        return made;
    };
}

/** As `formatLogTimestamp` gives it; whether the moment is one of its years shows with its date. */
function timeOf(unixMs: number): string {
    const ms = ((unixMs % DAY_MS) + DAY_MS) % DAY_MS;
    const [hours, minutes, secs] = [
        Math.floor(ms / 3_600_000),
        Math.floor(ms / 60_000) % 60,
        Math.floor(ms / 1000) % 60,
    ];
    return `${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[secs]}.${THREE_DIGITS[ms % 1000]}`;
}
