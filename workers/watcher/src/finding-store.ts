import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessageOf, failure, writeFileAtomic } from '@ocm/runtime';
import { type Finding, finding } from './suspicion.js';

const ID_FORM = /^[A-Za-z0-9-]{1,120}$/;

/** Findings on disk, one file each, by the address of their challenge where there is one. Never changed once written. */
export class FindingStore {
    readonly #folder: string;
    readonly #findings = new Map<string, Finding>();

    private constructor(folder: string) {
        this.#folder = folder;
    }

    /** @throws MKT_WATCHER__FINDING_CORRUPT naming the file */
    static async open(dataDir: string): Promise<FindingStore> {
        const store = new FindingStore(join(dataDir, 'findings'));
        await mkdir(store.#folder, { recursive: true });
        for (const name of await readdir(store.#folder)) {
            if (!name.endsWith('.json')) continue;
            const path = join(store.#folder, name);
            try {
                const read = finding.parse(JSON.parse(await readFile(path, 'utf8')));
                store.#findings.set(read.id, read);
            } catch (error) {
                throw failure(
                    'MKT_WATCHER__FINDING_CORRUPT',
                    `${path} is damaged (${errorMessageOf(error)}); restore it from a backup, or move it away`,
                );
            }
        }
        return store;
    }

    list(): Finding[] {
        return [...this.#findings.values()].sort((a, b) => a.observedAtSecs - b.observedAtSecs);
    }

    find(id: string): Finding | undefined {
        return this.#findings.get(id);
    }

    async write(value: Finding): Promise<void> {
        if (!ID_FORM.test(value.id))
            throw failure('MKT_WATCHER__FINDING_CORRUPT', `${value.id} is no name of a finding`);
        await writeFileAtomic(join(this.#folder, `${value.id}.json`), JSON.stringify(value, null, 2));
        this.#findings.set(value.id, value);
    }
}
