import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, writeFileAtomic } from '@ocm/runtime';
import { crypto } from 'acme-client';
import { z } from 'zod';
import type { TlsMaterial } from '../http/tls.js';

/** Private keys: nobody but this user may read them. */
const SECRET_MODE = 0o600;
const accountFile = z.object({ directoryUrl: z.string(), accountUrl: z.string() });

export interface Account {
    key: Buffer;
    /** Null: not registered at this directory yet. */
    url: string | null;
}

/** What a node keeps of its authority, in `<dataDir>/acme`. */
export class AcmeStore {
    readonly #folder: string;

    constructor(dataDir: string) {
        this.#folder = join(dataDir, 'acme');
    }

    async open(): Promise<void> {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    }

    /** The key is made once; it is the account. */
    async account(directoryUrl: string): Promise<Account> {
        const held = await this.#read('account.key');
        const key = held ?? (await crypto.createPrivateEcdsaKey());
        if (held === null) await writeFileAtomic(this.#path('account.key'), key, SECRET_MODE);
        const text = await this.#read('account.json');
        const known = text === null ? null : accountFile.parse(JSON.parse(text.toString('utf8')));
        return { key, url: known?.directoryUrl === directoryUrl ? known.accountUrl : null };
    }

    async saveAccount(directoryUrl: string, accountUrl: string): Promise<void> {
        const text = JSON.stringify({ directoryUrl, accountUrl });
        await writeFileAtomic(this.#path('account.json'), text, SECRET_MODE);
    }

    /** Null before the first certificate. */
    async material(): Promise<TlsMaterial | null> {
        const both = await this.#read('certificate.pem');
        if (both === null) return null;
        // One file, so that a crash never leaves a certificate with the key of another.
        const text = both.toString('utf8');
        const end = text.indexOf('-----BEGIN CERTIFICATE-----');
        return { key: Buffer.from(text.slice(0, end)), cert: Buffer.from(text.slice(end)) };
    }

    async saveMaterial({ key, cert }: TlsMaterial): Promise<void> {
        await writeFileAtomic(this.#path('certificate.pem'), Buffer.concat([key, cert]), SECRET_MODE);
    }

    #path(name: string): string {
        return join(this.#folder, name);
    }

    async #read(name: string): Promise<Buffer | null> {
        try {
            return await readFile(this.#path(name));
        } catch (error) {
            if (errorCodeOf(error) === 'ENOENT') return null;
            throw error;
        }
    }
}
