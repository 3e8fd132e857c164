import type { NodeLog } from '../../ports.js';
import type { ClaimView } from '../../topology/view.js';
import type { AddressBits } from '../address.js';
import { maskedNetwork } from '../address-text.js';
import type { AsnTable } from './asn-table.js';
import type { Contradiction, GeoFact, GeoFacts, GeoKind, GeoSource } from './geo-facts.js';
import { GeoFile } from './geo-file.js';
import { type Said, saidOf } from './geo-said.js';

/** Name of the operator's table among the sources. */
export const TABLE_SOURCE = 'config.asnPrefixes';
const NOTHING: GeoFacts = { asns: [], subdivisions: [], country: null };

export interface GeoBookOptions {
    files: readonly { path: string; kind: GeoKind }[];
    table: AsnTable;
    now: () => number;
    log: NodeLog;
}

/** All that the operator has of autonomous systems and places. The table goes before the files, a file before those after it. */
export class GeoBook {
    readonly #options: GeoBookOptions;
    readonly #files: readonly GeoFile[];

    /** @throws MKT_NODE__GEO_FILE_INVALID */
    constructor(options: GeoBookOptions) {
        this.#options = options;
        this.#files = options.files.map((file) => new GeoFile(file, options.now));
    }

    get sources(): readonly GeoSource[] {
        return this.#files.map(({ source }) => source);
    }

    /** Whether any source can tell who is in such a footprint. */
    canMap(kind: ClaimView['footprint']['kind'], value: string): boolean {
        const { table } = this.#options;
        if (kind === 'asn') return this.#has('asn') || table.has(Number(value.replace(/^as/i, '')));
        if (kind === 'countrycode') return this.#has('country') || this.#has('city');
        return kind !== 'subdivisioncode' || this.#has('city');
    }

    /** What decisions need; `contradictionsAt` tells what the sources disagree about. */
    factsOf(bits: AddressBits): GeoFacts {
        const announced = this.#options.table.lookup(bits);
        if (announced === null && this.#files.length === 0) return NOTHING;
        const asns: GeoFact<number>[] =
            announced === null
                ? []
                : announced.asns.map((value) => ({
                      value,
                      source: TABLE_SOURCE,
                      prefixLength: announced.prefixLength,
                  }));
        let country: GeoFact<string> | null = null;
        let subdivisions: GeoFact<string>[] = [];
        for (const said of this.#ask(bits)) {
            if (said.kind === 'asn') {
                if (asns.length === 0 && said.asn !== null) asns.push(said.asn);
            } else {
                country ??= said.country;
                if (subdivisions.length === 0) subdivisions = said.subdivisions;
            }
        }
        // Subdivisions of another country than the one that is believed are no help.
        const believed = country?.value ?? '';
        return { asns, country, subdivisions: subdivisions.filter(({ value }) => value.startsWith(`${believed}-`)) };
    }

    contradictionsAt(bits: AddressBits): Contradiction[] {
        const asns: { source: string; value: string; length: number }[] = [];
        const countries: typeof asns = [];
        const announced = this.#options.table.lookup(bits);
        if (announced !== null) {
            const value = announced.asns.map((asn) => `as${asn}`).join(' ');
            asns.push({ source: TABLE_SOURCE, value, length: announced.prefixLength });
        }
        for (const said of this.#ask(bits)) {
            if (said.kind === 'asn') {
                if (said.asn !== null) asns.push(toSaid(said.asn, `as${said.asn.value}`));
            } else if (said.country !== null) countries.push(toSaid(said.country, said.country.value));
        }
        const isListed = (value: string): boolean => asns[0]?.value.split(' ').includes(value) ?? true;
        return [
            ...(asns.every(({ value }) => value === asns[0]?.value || isListed(value))
                ? []
                : [flag('asn', bits, asns)]),
            ...(new Set(countries.map(({ value }) => value)).size < 2 ? [] : [flag('country', bits, countries)]),
        ];
    }

    /** Takes replaced files over; returns whether there were any. */
    async refresh(): Promise<boolean> {
        const changed = await Promise.all(this.#files.map((file) => file.refresh(this.#options.log)));
        return changed.includes(true);
    }

    #has(kind: GeoKind): boolean {
        return this.#files.some((file) => file.kind === kind);
    }

    *#ask(bits: AddressBits): Generator<Said> {
        for (const file of this.#files) {
            const found = file.lookup(bits);
            if (found !== null) yield saidOf(file, found);
        }
    }
}

const toSaid = ({ source, prefixLength }: GeoFact<unknown>, value: string) => ({ source, value, length: prefixLength });

const flag = (
    kind: Contradiction['kind'],
    bits: AddressBits,
    says: readonly { source: string; value: string; length: number }[],
): Contradiction => ({
    kind,
    network: maskedNetwork(bits, Math.max(...says.map(({ length }) => length))),
    says: says.map(({ source, value }) => ({ source, value })),
});
