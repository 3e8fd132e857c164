import { type PrefixBits, parsePrefixBits } from '../prefix-bits.js';
import { NO_VALUE } from '../table/layout.js';
import { PrefixTable } from '../table/prefix-table.js';
import type { Rule } from './rule.js';
import { type RuleSet, RuleSets } from './rule-sets.js';

const ASN = /^(?:as)?([1-9][0-9]{0,9})$/i;

/** Rules by prefix, ASN, subdivision, country, and those for anybody. `put` and `drop` change a draft until `publish`. */
export class RuleIndex {
    readonly prefixes = new PrefixTable();
    /** Sets of prefixes by the number that the table holds. */
    readonly #sets: (RuleSet | undefined)[] = [];
    readonly #freeIds: number[] = [];
    #retiredIds: number[] = [];
    /** Sets of all other footprints by their text, such as `asn:64496`. */
    readonly #named = new Map<string, RuleSet>();
    readonly #pending = new Map<string, RuleSet | undefined>();
    readonly #drafts = new RuleSets();
    #version = 0;

    /** Counts publications. */
    get version(): number {
        return this.#version;
    }

    get bytes(): number {
        return this.prefixes.bytes;
    }

    /** The published set of a number that the table of prefixes has told. */
    setOf(id: number): RuleSet {
        return this.#sets[id]!;
    }

    ofAsn(asn: number): RuleSet | undefined {
        return this.#named.get(`asn:${asn}`);
    }

    /** @param kind of the code, in lower case */
    ofCode(kind: 'countrycode' | 'subdivisioncode', code: string): RuleSet | undefined {
        return this.#named.get(`${kind}:${code}`);
    }

    get ofAnybody(): RuleSet | undefined {
        return this.#named.get('any');
    }

    /** Whether any rule needs to know more of an address than its bits. */
    get hasNamed(): boolean {
        return this.#named.size > (this.#named.has('any') ? 1 : 0);
    }

    /** Returns false for a footprint that names nothing. */
    put(rule: Rule): boolean {
        return this.#change(rule, (set) => this.#drafts.insert(set, rule));
    }

    drop(rule: Rule): void {
        this.#change(rule, (set) => this.#drafts.remove(set, rule));
    }

    publish(): void {
        for (const [name, set] of this.#pending) {
            if (set === undefined) this.#named.delete(name);
            else this.#named.set(name, set);
        }
        this.#pending.clear();
        this.#drafts.publish();
        this.prefixes.publish();
        for (const id of this.#retiredIds) {
            this.#sets[id] = undefined;
            this.#freeIds.push(id);
        }
        this.#retiredIds = [];
        this.#version += 1;
    }

    #change(rule: Rule, edit: (set: RuleSet | undefined) => RuleSet | undefined): boolean {
        const { kind, value } = rule.claim.footprint;
        if (kind === 'ipv4cidr' || kind === 'ipv6cidr') {
            const prefix = parsePrefixBits(value);
            if (prefix === null) return false;
            this.#changePrefix(prefix, edit);
            return true;
        }
        const name = nameOf(kind, value);
        if (name === null) return false;
        const before = this.#pending.has(name) ? this.#pending.get(name) : this.#named.get(name);
        this.#pending.set(name, edit(before));
        return true;
    }

    #changePrefix({ bits, length }: PrefixBits, edit: (set: RuleSet | undefined) => RuleSet | undefined): void {
        const id = this.prefixes.get(bits, length);
        const set = edit(id === NO_VALUE ? undefined : this.#sets[id]);
        // The published version may still read the old set: it goes with the next publication.
        if (id !== NO_VALUE) this.#retiredIds.push(id);
        if (set === undefined) {
            this.prefixes.delete(bits, length);
            return;
        }
        const next = this.#freeIds.pop() ?? this.#sets.length;
        this.#sets[next] = set;
        this.prefixes.set(bits, length, next);
    }
}

function nameOf(kind: Rule['claim']['footprint']['kind'], value: string): string | null {
    if (kind === 'any') return 'any';
    if (kind !== 'asn') return `${kind}:${value.toLowerCase()}`;
    const digits = ASN.exec(value)?.[1];
    return digits === undefined ? null : `asn:${digits}`;
}
