import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCodeOf, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import { MAX_LINE_BYTES } from './access-line.js';

const CHUNK_BYTES = 256 * 1024;
/** Rotated logs that are looked through for the one that was being read. */
const MAX_SIBLINGS = 1_000;
/** Workers of the writer go on with the old file for a moment after the new one is there. */
const ROTATION_GRACE_MS = 2_000;

const position = z.object({ inode: z.number().int().nonnegative(), offset: z.number().int().nonnegative() });
type Position = z.infer<typeof position>;

export interface LogTailOptions {
    /** File that another program appends to and rotates. */
    path: string;
    /** Where the position is kept. */
    positionPath: string;
    rotationGraceMs?: number;
}
export interface TailBatch {
    lines: string[];
    /** Lines that were too long to be read. */
    oversized: number;
    /** Bytes that were lost because the file was cut short under us. */
    wasTruncated: boolean;
}

/**
 * Reads what is appended to a file, across rotations and restarts, each line once at most: the position is on disk before
 * lines are handed out, so that a crash may lose a batch and never doubles one.
 */
export class LogTail {
    readonly #options: LogTailOptions;
    #position: Position | null = null;
    #handle: FileHandle | null = null;
    /** A line of which the end has not been seen is longer than allowed. */
    #isSkipping = false;
    #rotatedAtMs: number | null = null;

    constructor(options: LogTailOptions) {
        this.#options = options;
    }

    /** Goes on where the last life ended; a file that is new to it is read from its start. */
    async open(): Promise<void> {
        const text = await readFile(this.#options.positionPath, 'utf8').catch((error: unknown) => {
            if (errorCodeOf(error) === 'ENOENT') return null;
            throw error;
        });
        this.#position = text === null ? null : position.parse(JSON.parse(text));
    }

    /** Complete lines that have come since, a bounded batch of them; null if there are none. */
    async next(): Promise<TailBatch | null> {
        const handle = await this.#openFile();
        if (handle === null || this.#position === null) return null;
        const { size } = await handle.stat();
        if (size < this.#position.offset) return this.#restart();
        const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - this.#position.offset));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#position.offset);
        const batch = this.#split(buffer.subarray(0, bytesRead));
        if (batch === null) return (await this.#isRotationOver()) ? this.#moveOn() : null;
        await this.#save();
        return batch;
    }

    async close(): Promise<void> {
        await this.#handle?.close();
        this.#handle = null;
    }

    /** Null if no line has ended in these bytes. */
    #split(bytes: Buffer): TailBatch | null {
        const last = bytes.lastIndexOf(0x0a);
        if (last < 0) {
            if (bytes.length <= MAX_LINE_BYTES || this.#position === null) return null;
            this.#position.offset += bytes.length;
            this.#isSkipping = true;
            return { lines: [], oversized: 0, wasTruncated: false };
        }
        const all = bytes.subarray(0, last).toString('utf8').split('\n');
        const skipped = this.#isSkipping ? all.slice(0, 1) : [];
        this.#isSkipping = false;
        const lines = all.slice(skipped.length).filter((line) => line.length <= MAX_LINE_BYTES);
        if (this.#position !== null) this.#position.offset += last + 1;
        return { lines, oversized: all.length - lines.length, wasTruncated: false };
    }

    async #openFile(): Promise<FileHandle | null> {
        if (this.#handle !== null) return this.#handle;
        const path = (await this.#findOld()) ?? this.#options.path;
        try {
            this.#handle = await open(path, 'r');
        } catch (error) {
            if (errorCodeOf(error) === 'ENOENT') return null;
            throw error;
        }
        const { ino: inode } = await this.#handle.stat();
        if (this.#position?.inode !== inode) this.#position = { inode, offset: 0 };
        return this.#handle;
    }

    /** The file that was being read, by whatever name rotation gave it. */
    async #findOld(): Promise<string | null> {
        const { path } = this.#options;
        const inode = this.#position?.inode;
        if (inode === undefined || (await inodeOf(path)) === inode) return null;
        const folder = dirname(path);
        const names = await readdir(folder).catch(() => []);
        for (const name of names
            .filter((candidate) => join(folder, candidate).startsWith(path))
            .slice(0, MAX_SIBLINGS)) {
            if ((await inodeOf(join(folder, name))) === inode) return join(folder, name);
        }
        return null;
    }

    async #isRotationOver(): Promise<boolean> {
        const inode = await inodeOf(this.#options.path);
        if (inode === null || inode === this.#position?.inode) return false;
        this.#rotatedAtMs ??= performance.now();
        return performance.now() - this.#rotatedAtMs >= (this.#options.rotationGraceMs ?? ROTATION_GRACE_MS);
    }

    async #moveOn(): Promise<TailBatch | null> {
        await this.close();
        this.#position = null;
        this.#rotatedAtMs = null;
        return this.next();
    }

    async #restart(): Promise<TailBatch> {
        if (this.#position !== null) this.#position.offset = 0;
        this.#isSkipping = false;
        await this.#save();
        return { lines: [], oversized: 0, wasTruncated: true };
    }

    async #save(): Promise<void> {
        await writeFileAtomic(this.#options.positionPath, JSON.stringify(this.#position), 0o600);
    }
}

async function inodeOf(path: string): Promise<number | null> {
    return (await stat(path).catch(() => null))?.ino ?? null;
}
