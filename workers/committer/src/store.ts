import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describeIssues, errorCodeOf, errorMessageOf, writeFileAtomic } from '@ocm/runtime';
import { address, type CommitmentList, type CommitmentManifest, commitmentManifest } from '@ocm/sdk/http';
import type { z } from 'zod';
import { EvidenceStore } from './evidence-store.js';
import { corrupt } from './store-errors.js';

const MANIFEST_FILE = 'manifest.json';

/**
 * Evidence and manifests on disk, one folder per commitment. A manifest is written whole or not at all and never changed, so
 * that a commitment is rebuilt from the same bytes after any crash. Kept for the data duty (protocol 6.8); log records are not.
 */
export class CommitmentStore {
    readonly #folder: string;
    /** What the commitments were built from. */
    readonly evidence: EvidenceStore;
    readonly #index = new Map<string, CommitmentList['commitments'][number]>();

    private constructor(folder: string) {
        this.#folder = folder;
        this.evidence = new EvidenceStore(folder);
    }

    /** @throws MKT_COMMITTER__STORE_CORRUPT naming the file */
    static async open(dataDir: string): Promise<CommitmentStore> {
        const store = new CommitmentStore(join(dataDir, 'commitments'));
        await mkdir(store.#folder, { recursive: true });
        for (const name of await readdir(store.#folder)) {
            if (!address.safeParse(name).success) continue;
            await store.evidence.dropRecords(name);
            const manifest = await store.readManifest(name);
            if (manifest !== null) store.#remember(manifest);
        }
        return store;
    }

    has(commitment: string): boolean {
        return this.#index.has(commitment);
    }

    list(): CommitmentList['commitments'] {
        return [...this.#index.values()];
    }

    readManifest(commitment: string): Promise<CommitmentManifest | null> {
        return this.#read(commitment, MANIFEST_FILE, commitmentManifest);
    }

    /** A manifest's file as it stands there, which may be more than memory should hold for each who asks. @throws MKT_COMMITTER__STORE_CORRUPT */
    async openManifest(commitment: string): Promise<{ bytes: number; stream: Readable } | null> {
        if (!this.has(commitment)) return null;
        const path = join(this.#folder, commitment, MANIFEST_FILE);
        const file = await open(path).catch((error: unknown) => {
            throw corrupt(path, errorMessageOf(error), error);
        });
        const { size } = await file.stat();
        return { bytes: size, stream: file.createReadStream() };
    }

    async writeManifest(manifest: CommitmentManifest): Promise<void> {
        await this.#write(manifest.commitment, MANIFEST_FILE, manifest);
        this.#remember(manifest);
    }

    #remember({ commitment, contract, epoch, kind, root, totalBytes }: CommitmentManifest): void {
        this.#index.set(commitment, { commitment, contract, epoch, kind, root, totalBytes });
    }

    async #write(commitment: string, file: string, value: unknown): Promise<void> {
        await writeFileAtomic(join(this.#folder, commitment, file), JSON.stringify(value), 0o600);
    }

    async #read<T>(commitment: string, file: string, schema: z.ZodType<T>): Promise<T | null> {
        // The name comes from URLs: an address has no separators and no dots.
        if (!address.safeParse(commitment).success) return null;
        const path = join(this.#folder, commitment, file);
        let text: string;
        try {
            text = await readFile(path, 'utf8');
        } catch (error) {
            if (errorCodeOf(error) === 'ENOENT') return null;
            throw corrupt(path, errorMessageOf(error), error);
        }
        let parsed: unknown;
        try {
            parsed = JSON.parse(text);
        } catch (error) {
            throw corrupt(path, errorMessageOf(error), error);
        }
        const result = schema.safeParse(parsed);
        if (!result.success) throw corrupt(path, describeIssues(result.error));
        return result.data;
    }
}
