import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { failure } from '@ocm/runtime';
import { LRUCache } from 'lru-cache';
import { Reader } from 'maxmind';
import type { NodeLog } from '../../ports.js';
import type { AddressBits } from '../address.js';
import { addressText } from '../address-text.js';
import type { GeoKind, GeoSource } from './geo-facts.js';

/** The largest that vendors sell is half of it. */
const MAX_FILE_BYTES = 2 ** 30;
const CACHED_RECORDS = 10_000;

interface Loaded {
    reader: Reader<never>;
    source: GeoSource;
    identity: string;
}

/** One mmdb file of the operator, read into memory. A file that replaces it is taken over; one that cannot be read is not. */
export class GeoFile {
    readonly #path: string;
    readonly #kind: GeoKind;
    readonly #now: () => number;
    #loaded: Loaded;
    /** The replacement that was refused, so that it is refused once. */
    #refused = '';

    /** @throws MKT_NODE__GEO_FILE_INVALID */
    constructor({ path, kind }: { path: string; kind: GeoKind }, now: () => number) {
        this.#path = path;
        this.#kind = kind;
        this.#now = now;
        try {
            this.#loaded = this.#load(identityOf(statSync(path)), readFileSync(path));
        } catch (error) {
            throw failure(
                'MKT_NODE__GEO_FILE_INVALID',
                `config.geo names ${path}, which cannot be read as an mmdb file; correct the path or fetch the file again`,
                { path },
                error,
            );
        }
    }

    get kind(): GeoKind {
        return this.#kind;
    }

    get source(): GeoSource {
        return this.#loaded.source;
    }

    /** The record of an address and how many of its bits it speaks for; null if there is none. */
    lookup(bits: AddressBits): { record: unknown; prefixLength: number } | null {
        const { reader } = this.#loaded;
        // Without this the library would walk an IPv6 address through a tree of IPv4 and find somebody.
        if (bits.family === 6 && reader.metadata.ipVersion === 4) return null;
        try {
            const [record, prefixLength] = reader.getWithPrefixLength(addressText(bits));
            return record === null ? null : { record, prefixLength };
        } catch {
            // A damaged part of the file knows nothing of this address.
            return null;
        }
    }

    /** Takes a replaced file over. Returns whether there was one. */
    async refresh(log: NodeLog): Promise<boolean> {
        let identity = '';
        try {
            identity = identityOf(await stat(this.#path));
            if (identity === this.#loaded.identity || identity === this.#refused) return false;
            this.#loaded = this.#load(identity, await readFile(this.#path));
            log.info({ geo: this.#loaded.source }, 'geo file replaced');
            return true;
        } catch (error) {
            if (identity === '' || identity !== this.#refused) {
                log.warn({ err: error, path: this.#path }, 'geo file unreadable, going on with the one before');
            }
            this.#refused = identity;
            return false;
        }
    }

    #load(identity: string, content: Buffer): Loaded {
        const reader = new Reader<never>(content, {
            cache: new LRUCache<number | string, object>({ max: CACHED_RECORDS }),
        });
        const { buildEpoch, databaseType } = reader.metadata;
        // One lookup, so that a file that was cut off is refused now and not by every viewer.
        reader.get('192.0.2.1');
        const source = {
            path: basename(this.#path),
            kind: this.#kind,
            databaseType: String(databaseType).slice(0, 100),
            builtAtMs: buildEpoch.getTime(),
            loadedAtMs: this.#now(),
        };
        return { reader, source, identity };
    }
}

function identityOf({ ino, size, mtimeMs }: Stats): string {
    if (size > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
    return `${ino}/${size}/${mtimeMs}`;
}
