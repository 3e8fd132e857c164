import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import { nonceOf, readAt, seal, unseal, writeAt } from './sealed-bytes.js';
import type { StorageKeys } from './storage-keys.js';

const MAGIC = Buffer.from('OCMI\x02\0\0\0', 'latin1');
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

const keyOf = (keys: StorageKeys, salt: Uint8Array): Buffer => keys.derive(salt, 'OCM/cache/index/v2', 32);

/** `OCMI 2 | salt [16] | (length u32, AES-256-GCM of a JSON list)…`, numbers of frames as nonces. */
export async function writeIndex(path: string, keys: StorageKeys, files: Iterable<IndexedFile>): Promise<void> {
    const salt = randomBytes(SALT_BYTES);
    const key = keyOf(keys, salt);
    const file = await open(`${path}.tmp`, 'w', 0o600);
    try {
        let offset = await writeAt(file.fd, [MAGIC, salt], 0);
        let frames = 0;
        let texts: string[] = [];
        let size = 0;
        const flush = async (): Promise<void> => {
            const sealed = seal(key, nonceOf(frames), Buffer.from(`[${texts.join(',')}]`));
            const length = Buffer.alloc(4);
            length.writeUInt32BE(sealed.reduce((sum, part) => sum + part.length, 0));
            offset += await writeAt(file.fd, [length, ...sealed], offset);
            frames += 1;
            [texts, size] = [[], 0];
        };
        for (const entry of files) {
            const text = JSON.stringify(entry);
            texts.push(text);
            size += text.length;
            if (size >= FRAME_BYTES) await flush();
        }
        if (texts.length > 0) await flush();
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
        const key = keyOf(keys, header.subarray(MAGIC.length));
        let offset = header.length;
        for (let frame = 0; ; frame += 1) {
            const sealed = await readFrame(file.fd, offset);
            offset += 4 + sealed.length;
            yield* z.array(entryForm).parse(JSON.parse(unseal(key, nonceOf(frame), sealed).toString('utf8')));
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
