import { createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { StoredMeta, StoredObject } from './object-storage.js';
import { DamagedFile, NONCE_BYTES, nonceOf, readAt, seal, TAG_BYTES, unseal, writeAt } from './sealed-bytes.js';
import { type FileKeys, GROUP_TAG_BYTES, type StorageKeys } from './storage-keys.js';

const MAGIC = Buffer.from('OCMC\x01\0\0\0', 'latin1');
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + GROUP_TAG_BYTES + 8;
const CHUNK_BYTES = 64 * 1024;
/** One read or write, and the longest time that the event loop is held: about a millisecond of AES and SHA. */
const CHUNKS_AT_ONCE = 16;
/** Description (at most 64 KiB), key and digest in JSON, whose escapes may sextuple a text. */
const MAX_HEAD_BYTES = 512 * 1024;

const headForm = z.object({
    key: z.string().max(16_384),
    meta: z.record(z.string(), z.unknown()),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bodyBytes: z.number().int().nonnegative(),
});
export type Head = z.infer<typeof headForm>;

interface Opened {
    keys: FileKeys;
    tag: string;
    bodyBytes: number;
    headOffset: number;
    fileBytes: number;
}

const sealedBytes = (bodyBytes: number): number => bodyBytes + Math.ceil(bodyBytes / CHUNK_BYTES) * TAG_BYTES;

/**
 * An object in one file: `OCMC 1 | salt [16] | group tag [16] | body length u64 | chunks | head`. Each chunk is 64 KiB of the
 * body under AES-256-GCM, its number the nonce, so that none is moved, repeated or left out unnoticed; the head (key,
 * description, SHA-256 and length of the body) comes last under a key of its own with a random nonce, and is rewritten
 * in place when the description changes.
 * @returns bytes of the file
 */
export async function writeObject(
    handle: FileHandle,
    keys: StorageKeys,
    { object, name, tag }: { object: StoredObject; name: string; tag: string },
): Promise<number> {
    const salt = randomBytes(SALT_BYTES);
    const fileKeys = await keys.fileKeys(name, salt, tag, true);
    if (fileKeys === null) throw new DamagedFile('the group has no secret');
    const { body, key, meta, sha256 } = object;
    const header = Buffer.alloc(HEADER_BYTES);
    Buffer.concat([MAGIC, salt, Buffer.from(tag, 'hex')]).copy(header);
    header.writeBigUInt64BE(BigInt(body.length), HEADER_BYTES - 8);
    const head = sealHead(fileKeys, { key, meta, sha256, bodyBytes: body.length });
    let parts: Buffer[] = [header];
    let offset = 0;
    for (let chunk = 0; chunk * CHUNK_BYTES < body.length; chunk += 1) {
        const plain = body.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
        parts.push(...seal(fileKeys.body, nonceOf(chunk), plain));
        if ((chunk + 1) % CHUNKS_AT_ONCE !== 0) continue;
        offset += await writeAt(handle, Buffer.concat(parts), offset);
        parts = [];
    }
    offset += await writeAt(handle, Buffer.concat([...parts, head]), offset);
    return offset;
}

/** @throws DamagedFile */
export async function readObject(handle: FileHandle, keys: StorageKeys, name: string): Promise<StoredObject> {
    const opened = await openFile(handle, keys, name);
    const head = await readHeadOf(handle, opened);
    const body = Buffer.allocUnsafeSlow(opened.bodyBytes);
    const hash = createHash('sha256');
    let offset = HEADER_BYTES;
    for (let start = 0; start < body.length; start += CHUNKS_AT_ONCE * CHUNK_BYTES) {
        const plainBytes = Math.min(body.length - start, CHUNKS_AT_ONCE * CHUNK_BYTES);
        const sealed = await readAt(handle, offset, sealedBytes(plainBytes));
        offset += sealed.length;
        for (let at = 0, position = start; at < sealed.length; at += CHUNK_BYTES + TAG_BYTES) {
            const chunk = sealed.subarray(at, at + CHUNK_BYTES + TAG_BYTES);
            const plain = unseal(opened.keys.body, nonceOf(position / CHUNK_BYTES), chunk);
            plain.copy(body, position);
            position += plain.length;
        }
        hash.update(body.subarray(start, start + plainBytes));
    }
    if (hash.digest('hex') !== head.sha256) throw new DamagedFile('the digest differs');
    return { key: head.key, meta: head.meta, body, sha256: head.sha256 };
}

/** For the scan of a folder. @throws DamagedFile */
export async function readHead(
    handle: FileHandle,
    keys: StorageKeys,
    name: string,
): Promise<Head & { tag: string; fileBytes: number }> {
    const opened = await openFile(handle, keys, name);
    return { ...(await readHeadOf(handle, opened)), tag: opened.tag, fileBytes: opened.fileBytes };
}

/** A crash on the way leaves a head that does not open: that object is lost. @returns bytes of the file */
export async function rewriteHead(
    handle: FileHandle,
    keys: StorageKeys,
    { name, meta }: { name: string; meta: StoredMeta },
): Promise<number> {
    const opened = await openFile(handle, keys, name);
    const head = sealHead(opened.keys, { ...(await readHeadOf(handle, opened)), meta: { ...meta } });
    const end = opened.headOffset + (await writeAt(handle, head, opened.headOffset));
    if (end < opened.fileBytes) await handle.truncate(end);
    return end;
}

async function openFile(handle: FileHandle, keys: StorageKeys, name: string): Promise<Opened> {
    const { size: fileBytes } = await handle.stat();
    const header = await readAt(handle, 0, HEADER_BYTES);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new DamagedFile('this is no object');
    const salt = header.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
    const tag = header.subarray(MAGIC.length + SALT_BYTES, -8).toString('hex');
    const bodyBytes = Number(header.readBigUInt64BE(HEADER_BYTES - 8));
    const headOffset = HEADER_BYTES + sealedBytes(bodyBytes);
    const headBytes = fileBytes - headOffset;
    if (!(headBytes > NONCE_BYTES + TAG_BYTES && headBytes <= MAX_HEAD_BYTES)) throw new DamagedFile('wrong length');
    const fileKeys = await keys.fileKeys(name, salt, tag, false);
    if (fileKeys === null) throw new DamagedFile('the secret of the group was erased');
    return { keys: fileKeys, tag, bodyBytes, headOffset, fileBytes };
}

async function readHeadOf(handle: FileHandle, { keys, headOffset, fileBytes, bodyBytes }: Opened): Promise<Head> {
    const sealed = await readAt(handle, headOffset, fileBytes - headOffset);
    const text = unseal(keys.head, sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES));
    const head = headForm.safeParse(JSON.parse(text.toString('utf8')));
    if (!head.success || head.data.bodyBytes !== bodyBytes) throw new DamagedFile('the head is of another object');
    return head.data;
}

function sealHead(keys: FileKeys, head: Head | { meta: StoredMeta }): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    return Buffer.concat([nonce, ...seal(keys.head, nonce, Buffer.from(JSON.stringify(head)))]);
}
