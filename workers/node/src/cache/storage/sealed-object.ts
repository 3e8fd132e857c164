import { randomBytes } from 'node:crypto';
import { ftruncate } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import {
    DamagedFile,
    NONCE_BYTES,
    nonceOf,
    readAt,
    readInto,
    seal,
    TAG_BYTES,
    unseal,
    writeAt,
} from './sealed-bytes.js';
import { type FileKeys, GROUP_TAG_BYTES, type StorageKeys } from './storage-keys.js';

const MAGIC = Buffer.from('OCMC\x02\0\0\0', 'latin1');
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + GROUP_TAG_BYTES + 8;
/** One read or write, and the longest time that the event loop is held: about half a millisecond of AES. */
const CHUNK_BYTES = 1024 * 1024;
/** Description (at most 64 KiB) and key in JSON, whose escapes may sextuple a text. */
const MAX_HEAD_BYTES = 512 * 1024;

const headForm = z.object({
    key: z.string().max(16_384),
    meta: z.record(z.string(), z.unknown()),
});
export type Head = z.infer<typeof headForm>;

/** What names the bytes of a file: with its own name all that its keys are made of. */
export interface FileFacts {
    /** Of the group, lower-case hexadecimal. */
    tag: string;
    /** Lower-case hexadecimal; another one is another file, though it may be an older one of the same object. */
    salt: string;
    bodyBytes: number;
    /** Of the file. */
    bytes: number;
}
export interface WrittenObject {
    /** Of the file. */
    name: string;
    /** Whose secret encrypts it, and its tag; undefined: the node's alone. */
    group: string | undefined;
    tag: string;
    key: string;
    /** The description as JSON. */
    metaText: string;
    body: Buffer;
}

const headPositionOf = (bodyBytes: number): number =>
    HEADER_BYTES + bodyBytes + Math.ceil(bodyBytes / CHUNK_BYTES) * TAG_BYTES;
/** Room that reading a file takes besides the body: for a chunk with the header or the head, of small files for all. */
export const scratchBytesOf = ({ bodyBytes, bytes }: FileFacts): number =>
    headPositionOf(Math.min(bodyBytes, CHUNK_BYTES)) + bytes - headPositionOf(bodyBytes);
const truncate = promisify(ftruncate);

/**
 * An object in one file: `OCMC 2 | salt [16] | group tag [16] | body length u64 | chunks | head`. Each chunk is 1 MiB of the
 * body under AES-256-GCM, its number the nonce. The keys are made of the name and of all that stands before the chunks, so
 * that each tag vouches for the body's length too: no chunk is moved, repeated, left out, or taken for the last one
 * unnoticed. The head (key, description) comes last under a key of its own with a random nonce, and is rewritten in place when
 * the description changes. It is for who finds the file without knowing what is in it.
 */
export async function writeObject(fd: number, keys: StorageKeys, object: WrittenObject): Promise<FileFacts> {
    const { name, tag, body } = object;
    const salt = randomBytes(SALT_BYTES).toString('hex');
    const header = headerOf({ tag, salt, bodyBytes: body.length });
    const fileKeys = await keys.fileKeys(name, header, tag, true);
    if (fileKeys === null) throw new DamagedFile('the group has no secret');
    let parts: Buffer[] = [header];
    let position = 0;
    for (let start = 0; start < body.length; start += CHUNK_BYTES) {
        if (start > 0) {
            position += await writeAt(fd, parts, position);
            parts = [];
        }
        parts.push(...seal(fileKeys.body, nonceOf(start / CHUNK_BYTES), body.subarray(start, start + CHUNK_BYTES)));
    }
    position += await writeAt(fd, [...parts, ...sealHead(fileKeys, object)], position);
    return { tag, salt, bodyBytes: body.length, bytes: position };
}

/**
 * The body of a known file, all of which is authenticated: its description is known, so that of the head nothing else is
 * wanted. A small file is one read. @param scratch room for `scratchBytesOf`, free again afterwards
 * @throws DamagedFile
 */
export async function readBody(
    fd: number,
    keys: StorageKeys,
    { name, facts, scratch }: { name: string; facts: FileFacts; scratch: Buffer },
): Promise<Buffer> {
    const { bodyBytes, tag, bytes } = facts;
    const header = headerOf(facts);
    const first = scratch.subarray(0, bodyBytes <= CHUNK_BYTES ? bytes : HEADER_BYTES + CHUNK_BYTES + TAG_BYTES);
    await readInto(fd, first, 0);
    if (!first.subarray(0, HEADER_BYTES).equals(header)) throw new DamagedFile('this is not the file that was written');
    const fileKeys = await keysOf(keys, name, header, tag);
    if (bodyBytes <= CHUNK_BYTES) {
        const headPosition = headPositionOf(bodyBytes);
        unsealHead(fileKeys, first.subarray(headPosition));
        return bodyBytes === 0
            ? Buffer.alloc(0)
            : unseal(fileKeys.body, nonceOf(0), first.subarray(HEADER_BYTES, headPosition));
    }
    const body = Buffer.allocUnsafeSlow(bodyBytes);
    unseal(fileKeys.body, nonceOf(0), first.subarray(HEADER_BYTES)).copy(body);
    let position = first.length;
    for (let start = CHUNK_BYTES; start < bodyBytes; start += CHUNK_BYTES) {
        const sealed = scratch.subarray(0, Math.min(CHUNK_BYTES, bodyBytes - start) + TAG_BYTES);
        await readInto(fd, sealed, position);
        position += sealed.length;
        unseal(fileKeys.body, nonceOf(start / CHUNK_BYTES), sealed).copy(body, start);
    }
    unsealHead(fileKeys, await readAt(fd, position, bytes - position));
    return body;
}

/** For the scan of a folder: of a file of which nothing is known. @throws DamagedFile */
export async function readHead(
    fd: number,
    keys: StorageKeys,
    { name, bytes }: { name: string; bytes: number },
): Promise<Head & FileFacts> {
    const header = await readAt(fd, 0, HEADER_BYTES);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new DamagedFile('this is no object');
    const salt = header.toString('hex', MAGIC.length, MAGIC.length + SALT_BYTES);
    const tag = header.toString('hex', MAGIC.length + SALT_BYTES, HEADER_BYTES - 8);
    const bodyBytes = Number(header.readBigUInt64BE(HEADER_BYTES - 8));
    const headPosition = headPositionOf(bodyBytes);
    const headBytes = bytes - headPosition;
    if (!(headBytes > NONCE_BYTES + TAG_BYTES && headBytes <= MAX_HEAD_BYTES)) throw new DamagedFile('wrong length');
    const fileKeys = await keysOf(keys, name, header, tag);
    const sealed = await readAt(fd, headPosition, headBytes);
    const head = headForm.safeParse(JSON.parse(unsealHead(fileKeys, sealed).toString('utf8')));
    if (!head.success) throw new DamagedFile('the head is none');
    return { ...head.data, tag, salt, bodyBytes, bytes };
}

/** A crash on the way leaves a head that does not open: a start without an index loses that object. @returns bytes of the file */
export async function rewriteHead(
    fd: number,
    keys: StorageKeys,
    { name, facts, key, metaText }: { name: string; facts: FileFacts; key: string; metaText: string },
): Promise<number> {
    const fileKeys = await keysOf(keys, name, headerOf(facts), facts.tag);
    const position = headPositionOf(facts.bodyBytes);
    const end = position + (await writeAt(fd, sealHead(fileKeys, { key, metaText }), position));
    if (end < facts.bytes) await truncate(fd, end);
    return end;
}

function headerOf({ salt, tag, bodyBytes }: Omit<FileFacts, 'bytes'>): Buffer {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    MAGIC.copy(header);
    header.write(salt + tag, MAGIC.length, 'hex');
    header.writeBigUInt64BE(BigInt(bodyBytes), HEADER_BYTES - 8);
    return header;
}

async function keysOf(keys: StorageKeys, name: string, header: Buffer, tag: string): Promise<FileKeys> {
    const fileKeys = await keys.fileKeys(name, header, tag, false);
    if (fileKeys === null) throw new DamagedFile('the secret of the group was erased');
    return fileKeys;
}

function sealHead(keys: FileKeys, { key, metaText }: { key: string; metaText: string }): Buffer[] {
    const nonce = randomBytes(NONCE_BYTES);
    return [nonce, ...seal(keys.head, nonce, Buffer.from(`{"key":${JSON.stringify(key)},"meta":${metaText}}`))];
}

const unsealHead = (keys: FileKeys, sealed: Buffer): Buffer =>
    unseal(keys.head, sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES));
