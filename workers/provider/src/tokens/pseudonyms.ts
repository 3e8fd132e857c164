import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorCodeOf, failure, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';

const KEY_BYTES = 32;
const PSEUDONYM_BYTES = 16;

const keyFile = z.strictObject({
    version: z.literal(1),
    keys: z.array(
        z.strictObject({ scope: z.string(), expiresAtSecs: z.int(), key: z.string().regex(/^[0-9a-f]{64}$/) }),
    ),
});
type ScopeKey = { expiresAtSecs: number; key: string };

/**
 * Stands in for addresses wherever something must be counted. A plain hash of an IPv4 prefix is reversed by trying all
 * 2^24 of them, so each scope (a window of a contract, a day of a group table) has a random key of its own. When the scope
 * ends the key is erased, and what was stored under it cannot be traced to an address any more, by anyone. The keys lie in
 * one small file (mode 0600) so that a restart in the middle of an epoch does not give every prefix its caps anew.
 */
export class Pseudonyms {
    readonly #path: string;
    readonly #keys: Map<string, ScopeKey>;
    /** One write at a time; whoever asks for a key of a new scope waits until it is on disk. */
    #writing: Promise<void> = Promise.resolve();
    readonly #durable = new Map<string, Promise<void>>();

    private constructor(path: string, keys: Map<string, ScopeKey>) {
        this.#path = path;
        this.#keys = keys;
    }

    /** @throws MKT_PROVIDER__PSEUDONYM_KEYS_UNREADABLE */
    static async open(path: string): Promise<Pseudonyms> {
        return new Pseudonyms(path, await readKeys(path));
    }

    /** 16 bytes in hexadecimal digits: the same for the same text within the scope, unrelated in any other. */
    async of(scope: string, expiresAtSecs: number, text: string): Promise<string> {
        let held = this.#keys.get(scope);
        if (held === undefined) {
            held = { expiresAtSecs, key: randomBytes(KEY_BYTES).toString('hex') };
            this.#keys.set(scope, held);
            this.#durable.set(scope, this.#write());
        }
        const { key } = held;
        try {
            await this.#durable.get(scope);
        } catch (error) {
            // The next request tries anew, with a key that nothing was counted under.
            this.#keys.delete(scope);
            throw error;
        }
        return createHmac('sha256', Buffer.from(key, 'hex'))
            .update(text)
            .digest('hex')
            .slice(0, 2 * PSEUDONYM_BYTES);
    }

    /** Erases the keys of scopes that have ended, in memory and in the file. */
    async forget(nowSecs: number): Promise<number> {
        const ended = [...this.#keys].filter(([, { expiresAtSecs }]) => expiresAtSecs <= nowSecs);
        for (const [scope] of ended) {
            this.#keys.delete(scope);
            this.#durable.delete(scope);
        }
        if (ended.length > 0) await this.#write();
        return ended.length;
    }

    get scopes(): readonly string[] {
        return [...this.#keys.keys()];
    }

    #write(): Promise<void> {
        const next = this.#writing
            .catch(() => undefined)
            .then(() => {
                const keys = [...this.#keys].map(([scope, key]) => ({ scope, ...key }));
                return writeFileAtomic(this.#path, `${JSON.stringify({ version: 1, keys })}\n`, 0o600);
            });
        this.#writing = next;
        return next;
    }
}

async function readKeys(path: string): Promise<Map<string, ScopeKey>> {
    try {
        const { keys } = keyFile.parse(JSON.parse(await readFile(path, 'utf8')));
        return new Map(keys.map(({ scope, ...key }) => [scope, key]));
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return new Map();
        // The cause may quote the keys.
        throw failure(
            'MKT_PROVIDER__PSEUDONYM_KEYS_UNREADABLE',
            `${path} does not hold this worker's keys; remove it, and the caps of the present epoch count from zero`,
        );
    }
}
