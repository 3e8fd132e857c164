import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { formatLogLine, formatLogLines, sha256, toHex } from '@ocm/sdk/core';
import { hash32 } from '@ocm/sdk/http';
import { z } from 'zod';
import { contextOf, type EpochKeys, nameRecorded } from './epoch-context.js';
import type { EpochFacts, NumberedRequest } from './epoch-facts.js';
import type { RecordContext } from './record-fields.js';
import { RecordValues } from './record-values.js';

/** What is known of a log file without reading it. */
export const logFileFacts = z.object({
    name: z.string(),
    uuid: z.uuid(),
    bytes: z.number().int(),
    records: z.number().int(),
    sha256: hash32,
});
export type LogFileFacts = z.infer<typeof logFileFacts>;
const CRLF_BYTES = 2;

export interface LogFilePart {
    name: string;
    uuid: string;
    records: number;
    text: string;
}
export interface EpochLogInput extends EpochKeys {
    /** Base58 address of this node. */
    node: string;
    sealed: EpochFacts;
}

/**
 * The RFC 7937 files of one contract's epoch at this node, records in order of completion. A file ends when the next record
 * would make it longer than `maxFileBytes`, or was completed `maxFileSecs` after its first. They are written when the epoch
 * is over and not before: until then nobody knows whether a group is large enough to be named. One file is held at a time.
 */
export class EpochLogs {
    readonly #input: EpochLogInput;
    readonly #context: RecordContext;
    readonly #values: RecordValues;
    readonly #emptyBytes: number;
    #parts = 0;
    #lines: string[] = [];
    #bytes = 0;
    #firstMs = 0;

    constructor(input: EpochLogInput) {
        this.#input = input;
        this.#context = contextOf(input.sealed.rules, input, nameRecorded(input.sealed));
        this.#values = new RecordValues(this.#context);
        this.#emptyBytes = this.#format(0, []).text.length;
    }

    /** The file that ends before this record, if one does. */
    add({ request, seq }: NumberedRequest): LogFilePart | null {
        const { maxFileBytes, maxFileSecs } = this.#input.sealed.rules;
        const line = formatLogLine(this.#values.of(request, seq));
        // Values are printable ASCII, so characters are bytes.
        const lineBytes = line.length + CRLF_BYTES;
        const isOver =
            this.#bytes + lineBytes > maxFileBytes || request.endedAtMs >= this.#firstMs + maxFileSecs * 1000;
        const ended = this.#lines.length > 0 && isOver ? this.#take() : null;
        if (this.#lines.length === 0) {
            this.#bytes = this.#emptyBytes;
            this.#firstMs = request.endedAtMs;
        }
        this.#lines.push(line);
        this.#bytes += lineBytes;
        return ended;
    }

    /** The last file; an epoch without records has one all the same. */
    finish(): LogFilePart | null {
        return this.#lines.length > 0 || this.#parts === 0 ? this.#take() : null;
    }

    #take(): LogFilePart {
        const part = this.#format(this.#parts, this.#lines);
        this.#parts += 1;
        this.#lines = [];
        return part;
    }

    #format(part: number, lines: readonly string[]): LogFilePart {
        const { node, sealed } = this.#input;
        const { contract, epoch } = sealed;
        const uuid = deriveUuid(`${node}/${contract}/${epoch}${part === 0 ? '' : `/${part}`}`);
        const claimedOrigin = `${node.toLowerCase()}.ocm.invalid`;
        const name = `${contract}-${epoch}${part === 0 ? '' : `.${part}`}.log`;
        const text = formatLogLines({ uuid, claimedOrigin, fields: this.#context.fields, lines });
        return { name, uuid, records: lines.length, text };
    }
}

/** Version 8 UUID (RFC 9562 5.8) of a name: a file that is written again after a crash is the same file. */
export function deriveUuid(name: string): string {
    const bytes = createHash('sha256').update(`OCM/log/v1${name}`).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export async function writeLogFile(folder: string, { text, ...part }: LogFilePart): Promise<LogFileFacts> {
    const data = Buffer.from(text, 'utf8');
    await writeFileAtomic(join(folder, part.name), data, 0o600);
    return { ...part, bytes: data.length, sha256: toHex(sha256(data)) };
}
