import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { formatLogHash, formatLogHead, formatLogLine, sha256, toHex } from '@ocm/sdk/core';
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
const CRLF = '\r\n';
const FIRST_BYTES = 65_536;

export interface LogFilePart {
    name: string;
    uuid: string;
    records: number;
    /** Until the next file has ended: two buffers serve all files of an epoch. */
    data: Buffer;
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
    /** Of the line that a file ends with. */
    readonly #hashBytes = formatLogHash(new Uint8Array()).length;
    #parts = 0;
    /** The file so far: as bytes, because a hundred thousand lines would be moved about by each collection of garbage. */
    #bytes = Buffer.allocUnsafe(FIRST_BYTES);
    #spare = Buffer.allocUnsafe(FIRST_BYTES);
    #length = 0;
    #lines = 0;
    #firstMs = 0;

    constructor(input: EpochLogInput) {
        this.#input = input;
        this.#context = contextOf(input.sealed.rules, input, nameRecorded(input.sealed));
        this.#values = new RecordValues(this.#context);
        this.#begin();
    }

    /** The file that ends before this record, if one does. */
    add({ request, seq }: NumberedRequest): LogFilePart | null {
        const { maxFileBytes, maxFileSecs } = this.#input.sealed.rules;
        const line = `${formatLogLine(this.#values.of(request, seq))}${CRLF}`;
        // Values are printable ASCII, so characters are bytes.
        const isOver =
            this.#length + line.length + this.#hashBytes > maxFileBytes ||
            request.endedAtMs >= this.#firstMs + maxFileSecs * 1000;
        const ended = this.#lines > 0 && isOver ? this.#take() : null;
        if (this.#lines === 0) this.#firstMs = request.endedAtMs;
        this.#append(line);
        this.#lines += 1;
        return ended;
    }

    /** The last file; an epoch without records has one all the same. */
    finish(): LogFilePart | null {
        return this.#lines > 0 || this.#parts === 0 ? this.#take() : null;
    }

    #take(): LogFilePart {
        const { contract, epoch } = this.#input.sealed;
        this.#append(formatLogHash(this.#bytes.subarray(0, this.#length)));
        const name = `${contract}-${epoch}${this.#suffix('.')}.log`;
        const part = { name, uuid: this.#uuid(), records: this.#lines, data: this.#bytes.subarray(0, this.#length) };
        this.#parts += 1;
        this.#lines = 0;
        this.#length = 0;
        [this.#bytes, this.#spare] = [this.#spare, this.#bytes];
        this.#begin();
        return part;
    }

    #begin(): void {
        const claimedOrigin = `${this.#input.node.toLowerCase()}.ocm.invalid`;
        this.#append(formatLogHead({ uuid: this.#uuid(), claimedOrigin, fields: this.#context.fields }));
    }

    #append(text: string): void {
        while (this.#length + text.length > this.#bytes.length) {
            this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length);
        }
        this.#length += this.#bytes.write(text, this.#length, 'latin1');
    }

    #uuid(): string {
        const { node, sealed } = this.#input;
        return deriveUuid(`${node}/${sealed.contract}/${sealed.epoch}${this.#suffix('/')}`);
    }

    /** Of all files but the first. */
    #suffix(separator: string): string {
        return this.#parts === 0 ? '' : `${separator}${this.#parts}`;
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

export async function writeLogFile(folder: string, { data, ...part }: LogFilePart): Promise<LogFileFacts> {
    await writeFileAtomic(join(folder, part.name), data, 0o600);
    return { ...part, bytes: data.length, sha256: toHex(sha256(data)) };
}
