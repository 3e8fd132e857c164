import type { AddressBits } from '../address.js';
import { type PrefixBits, parsePrefixBits } from '../prefix-bits.js';
import { NO_VALUE } from '../table/layout.js';
import { PrefixTable } from '../table/prefix-table.js';

/** The operator's own table of what each autonomous system announces. */
export class AsnTable {
    readonly #prefixes = new PrefixTable();
    readonly #found: { asns: number[]; prefixLength: number }[] = [];
    readonly #known = new Set<number>();
    readonly #list: { prefix: PrefixBits; asn: number }[] = [];

    constructor(table: Readonly<Record<string, readonly string[]>>) {
        for (const [asn, prefixes] of Object.entries(table)) {
            for (const text of prefixes) {
                const prefix = parsePrefixBits(text);
                if (prefix !== null) this.#add(prefix, Number(asn));
            }
        }
        this.#prefixes.publish();
    }

    get entries(): readonly { prefix: PrefixBits; asn: number }[] {
        return this.#list;
    }

    has(asn: number): boolean {
        return this.#known.has(asn);
    }

    /** Those whose longest announced prefix covers the address; null where none does. */
    lookup(bits: AddressBits): { asns: readonly number[]; prefixLength: number } | null {
        const id = this.#prefixes.longest(bits);
        return id === NO_VALUE ? null : this.#found[id]!;
    }

    #add(prefix: PrefixBits, asn: number): void {
        this.#list.push({ prefix, asn });
        this.#known.add(asn);
        const id = this.#prefixes.get(prefix.bits, prefix.length);
        if (id !== NO_VALUE) {
            const { asns } = this.#found[id]!;
            if (!asns.includes(asn)) asns.push(asn);
            return;
        }
        this.#prefixes.set(prefix.bits, prefix.length, this.#found.length);
        this.#found.push({ asns: [asn], prefixLength: prefix.length });
    }
}
