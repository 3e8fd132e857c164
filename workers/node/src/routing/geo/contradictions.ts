import { parsePrefixBits } from '../prefix-bits.js';
import type { Rule } from '../rules/rule.js';
import type { AsnTable } from './asn-table.js';
import type { GeoBook } from './geo-book.js';
import type { Contradiction } from './geo-facts.js';

const MAX_KEPT = 100;
/** Claims that one audit looks at; the rest are looked at when viewers ask. */
const MAX_AUDITED = 10_000;
/** Between two pauses: a look into a file takes some microseconds. */
const LOOKS_PER_STEP = 200;

/** What was found to contradict itself, each once, the first hundred. */
export class ContradictionBook {
    readonly #kept = new Map<string, Contradiction>();
    #total = 0;

    get list(): readonly Contradiction[] {
        return [...this.#kept.values()];
    }

    /** With those that were not kept. */
    get total(): number {
        return this.#total;
    }

    /** @returns whether it is kept since now */
    add(found: Contradiction): boolean {
        const key = JSON.stringify(found);
        if (this.#kept.has(key)) return false;
        this.#total += 1;
        if (this.#kept.size >= MAX_KEPT) return false;
        this.#kept.set(key, found);
        return true;
    }
}

/** Holds table, files and what operators declare of their nodes against each other, in steps. */
export function* audit(
    { rules, geo, table }: { rules: Iterable<Rule>; geo: GeoBook; table: AsnTable },
    book: ContradictionBook,
): Generator<void, void> {
    let looks = 0;
    for (const { prefix } of table.entries.slice(0, MAX_AUDITED)) {
        for (const found of geo.contradictionsAt(prefix.bits)) book.add(found);
        looks += 1;
        if (looks % LOOKS_PER_STEP === 0) yield;
    }
    const listed = take(rules, MAX_AUDITED);
    const declared = declaredCountries(listed);
    for (const rule of listed) {
        for (const found of contradictionsOf(rule, declared.get(rule.node.address), geo)) book.add(found);
        looks += 1;
        if (looks % LOOKS_PER_STEP === 0) yield;
    }
}

function take(rules: Iterable<Rule>, count: number): Rule[] {
    const taken: Rule[] = [];
    for (const rule of rules) {
        if (taken.length === count) break;
        taken.push(rule);
    }
    return taken;
}

/** Countries that each node's claims name, and those of the subdivisions that they name. */
function declaredCountries(rules: readonly Rule[]): Map<string, Set<string>> {
    const declared = new Map<string, Set<string>>();
    for (const { claim, node } of rules) {
        const { kind, value } = claim.footprint;
        if (kind !== 'countrycode' && kind !== 'subdivisioncode') continue;
        const countries = declared.get(node.address) ?? new Set();
        declared.set(node.address, countries.add(value.slice(0, 2).toLowerCase()));
    }
    return declared;
}

/** A claim of addresses that lie elsewhere than the same node's other claims, or its account, say. */
export function contradictionsOf(
    { claim, node }: Rule,
    countries: ReadonlySet<string> | undefined,
    geo: GeoBook,
): Contradiction[] {
    const { kind, value: network } = claim.footprint;
    const prefix = kind === 'ipv4cidr' || kind === 'ipv6cidr' ? parsePrefixBits(network) : null;
    if (prefix === null) return [];
    const { asns, country } = geo.factsOf(prefix.bits);
    const [asn] = asns;
    const found: Contradiction[] = [];
    const by = `node ${node.address}`;
    if (node.asn !== 0 && asn !== undefined && asns.every(({ value }) => value !== node.asn)) {
        const says = [
            { source: by, value: `as${node.asn}` },
            { source: asn.source, value: `as${asn.value}` },
        ];
        found.push({ kind: 'declared asn', network, says });
    }
    if (countries !== undefined && country !== null && !countries.has(country.value)) {
        const says = [
            { source: by, value: [...countries].sort().join(' ') },
            { source: country.source, value: country.value },
        ];
        found.push({ kind: 'declared country', network, says });
    }
    return found;
}
