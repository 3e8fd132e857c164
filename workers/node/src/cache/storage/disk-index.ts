import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import { nonceOf, readAt, seal, unseal, writeAt } from './sealed-bytes.js';
import { GROUP_TAG_BYTES, type StorageKeys } from './storage-keys.js';

const MAGIC = Buffer.from('OCMI\x03\0\0\0', 'latin1');
const SALT_BYTES = 16;
const FRAME_BYTES = 256 * 1024;
/** A frame is closed by the entry that fills it, and an entry's description has 64 KiB at most before it is escaped. */
const MAX_FRAME_BYTES = 2 * 1024 * 1024;

const entryForm = z.object({
    key: z.string().max(16_384),
    metaText: z.string(),
    tag: z.string().regex(/^[0-9a-f]{32}$/),
    bytes: z.number().int().positive(),
    bodyBytes: z.number().int().nonnegative(),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
});
/** What the disk tier knows of a file without reading it. */
export type IndexedFile = z.infer<typeof entryForm>;

/** No object's file has this name. */
const KEY_NAME = 'index';

/** By group, made once for each; null where the group's secret was erased. */
function frameKeys(keys: StorageKeys, salt: Uint8Array): (tag: string) => Promise<Buffer | null> {
    const made = new Map<string, Promise<Buffer | null>>();
    const make = async (tag: string): Promise<Buffer | null> =>
        (await keys.fileKeys(KEY_NAME, salt, tag, false))?.head ?? null;
    return (tag) => {
        const key = made.get(tag) ?? make(tag);
        made.set(tag, key);
        return key;
    };
}

/**
 * `OCMI 3 | salt [16] | (length u32, group tag [16], AES-256-GCM of a JSON list)…`, numbers of frames as nonces. A frame is of
 * one group and under its secret: what the index tells of an object must not outlive the object on a copy of the disk.
 */
export async function writeIndex(path: string, keys: StorageKeys, files: Iterable<IndexedFile>): Promise<void> {
    const salt = randomBytes(SALT_BYTES);
    const keyOf = frameKeys(keys, salt);
    const file = await open(`${path}.tmp`, 'w', 0o600);
    try {
        let offset = await writeAt(file.fd, [MAGIC, salt], 0);
        let frames = 0;
        const waiting = new Map<string, { texts: string[]; size: number }>();
        const flush = async (tag: string, texts: string[]): Promise<void> => {
            const key = await keyOf(tag);
            // Erased meanwhile: its files cannot be read either.
            if (key === null) return;
            const sealed = seal(key, nonceOf(frames), Buffer.from(`[${texts.join(',')}]`));
            const length = Buffer.alloc(4);
            length.writeUInt32BE(sealed.reduce((sum, part) => sum + part.length, GROUP_TAG_BYTES));
            offset += await writeAt(file.fd, [length, Buffer.from(tag, 'hex'), ...sealed], offset);
            frames += 1;
        };
        for (const entry of files) {
            const { tag } = entry;
            const { texts, size } = waiting.get(tag) ?? { texts: [], size: 0 };
            const text = JSON.stringify(entry);
            texts.push(text);
            waiting.set(tag, { texts, size: size + text.length });
            if (size + text.length < FRAME_BYTES) continue;
            waiting.delete(tag);
            await flush(tag, texts);
        }
        for (const [tag, { texts }] of waiting) await flush(tag, texts);
    } finally {
        await file.close();
    }
    await rename(`${path}.tmp`, path);
}

/** As far as it can be read: what is missing is found by a scan of the folder. */
export async function* readIndex(path: string, keys: StorageKeys): AsyncGenerator<IndexedFile> {
    const file = await open(path, 'r').catch(() => null);
    if (file === null) return;
    try {
        const header = await readAt(file.fd, 0, MAGIC.length + SALT_BYTES);
        if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return;
        const keyOf = frameKeys(keys, header.subarray(MAGIC.length));
        let offset = header.length;
        for (let frame = 0; ; frame += 1) {
            const bytes = await readFrame(file.fd, offset);
            offset += 4 + bytes.length;
            const key = await keyOf(bytes.toString('hex', 0, GROUP_TAG_BYTES));
            if (key === null) continue;
            const plain = unseal(key, nonceOf(frame), bytes.subarray(GROUP_TAG_BYTES));
            yield* z.array(entryForm).parse(JSON.parse(plain.toString('utf8')));
        }
    } catch {
        // The end of the file, or of what is whole in it.
    } finally {
        await file.close();
    }
}

async function readFrame(fd: number, offset: number): Promise<Buffer> {
    const length = (await readAt(fd, offset, 4)).readUInt32BE();
    if (length > MAX_FRAME_BYTES) throw new RangeError('no frame is that long');
    return readAt(fd, offset + 4, length);
}
