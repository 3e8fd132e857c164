import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCodeOf, writeFileAtomic } from '@ocm/runtime';
import { cacheJob, prepositionRequest, purgeRequest } from '@ocm/sdk/http';
import { z } from 'zod';
import type { StoredJob } from './ports.js';

const stored = z.array(cacheJob.extend({ request: z.union([purgeRequest, prepositionRequest]) })).max(1_000);

/** Jobs across restarts. A file that does not read is put aside: purges that were accepted must not vanish without a trace. */
export class JobFile {
    readonly #path: string;
    #last: Promise<void> = Promise.resolve();

    constructor(path: string) {
        this.#path = path;
    }

    async read(): Promise<StoredJob[]> {
        await mkdir(dirname(this.#path), { recursive: true });
        try {
            return stored.parse(JSON.parse(await readFile(this.#path, 'utf8')));
        } catch (error) {
            if (errorCodeOf(error) !== 'ENOENT') await rename(this.#path, `${this.#path}.unreadable`);
            return [];
        }
    }

    /** In the order of the calls; resolves when it is durable. */
    write(jobs: readonly StoredJob[]): Promise<void> {
        const text = JSON.stringify(jobs);
        this.#last = this.#last.catch(() => undefined).then(() => writeFileAtomic(this.#path, text, 0o600));
        return this.#last;
    }
}
