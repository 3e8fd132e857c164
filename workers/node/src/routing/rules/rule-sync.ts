import type { ContractView, TopologyView } from '../../topology/view.js';
import { isSameRule, type NodeRef, type Rule, toNodeRef, toRule } from './rule.js';
import type { RuleIndex } from './rule-index.js';

/** Claims between two pauses: about a millisecond, so that viewers who ask meanwhile do not notice. */
const CLAIMS_PER_STEP = 1_000;

/** Keeps an index at what the chain last told, claim by claim: what did not change is not touched. */
export class RuleSync {
    readonly #index: RuleIndex;
    readonly #node: string;
    /** Rule of each claim in the draft. */
    readonly #rules = new Map<string, Rule>();
    readonly #unmapped = new Set<string>();
    #hasChanged = true;

    /** @param node address of the CAST, whose operator's RELAYs it speaks for */
    constructor(index: RuleIndex, node: string) {
        this.#index = index;
        this.#node = node;
    }

    /** All rules of the draft, those of footprints that name nothing too. */
    get rules(): Iterable<Rule> {
        return this.#rules.values();
    }

    get size(): number {
        return this.#rules.size;
    }

    isMapped(rule: Rule): boolean {
        return !this.#unmapped.has(rule.claim.address);
    }

    /** Takes a view over in steps; what is read changes at the end, at once. */
    *apply(view: TopologyView): Generator<void, void> {
        const nodes = relaysOf(view, this.#node);
        const sold = yield* soldTimes(view.contracts);
        const seen = new Set<string>();
        let done = 0;
        for (const claim of view.claims) {
            const node = nodes.get(claim.node);
            if (node !== undefined && claim.isEgress) {
                seen.add(claim.address);
                this.#put(toRule(claim, node, sold.get(claim.address) ?? []));
            }
            done += 1;
            if (done % CLAIMS_PER_STEP === 0) yield;
        }
        for (const [address, rule] of this.#rules) {
            if (!seen.has(address)) this.#drop(address, rule);
            done += 1;
            if (done % CLAIMS_PER_STEP === 0) yield;
        }
        if (this.#hasChanged) this.#index.publish();
        this.#hasChanged = false;
    }

    #put(rule: Rule): void {
        const { address } = rule.claim;
        const before = this.#rules.get(address);
        if (before !== undefined) {
            if (isSameRule(before, rule)) return;
            this.#drop(address, before);
        }
        this.#hasChanged = true;
        this.#rules.set(address, rule);
        if (!this.#index.put(rule)) this.#unmapped.add(address);
    }

    #drop(address: string, rule: Rule): void {
        this.#hasChanged = true;
        this.#rules.delete(address);
        if (!this.#unmapped.delete(address)) this.#index.drop(rule);
    }
}

/** A CAST speaks for its own operator's RELAYs only: others were not sold by it. */
function relaysOf(view: TopologyView, self: string): Map<string, NodeRef> {
    const operator = view.nodes.find(({ address }) => address === self)?.participant;
    const relays = view.nodes.filter(({ role, participant }) => role === 'relay' && participant === operator);
    return new Map(relays.map((node) => [node.address, toNodeRef(node)]));
}

/** When each claim is bought by a contract that pays. Contracts that follow each other without a gap count as one. */
function* soldTimes(contracts: readonly ContractView[]): Generator<void, Map<string, readonly number[]>> {
    const times = new Map<string, readonly number[]>();
    let done = 0;
    for (const { state, claims, genesisSecs, epochLengthSecs, epochCount } of contracts) {
        if (state !== 'active' || epochCount <= 0) continue;
        const time = [genesisSecs * 1000, (genesisSecs + epochLengthSecs * epochCount) * 1000];
        for (const claim of claims) {
            const before = times.get(claim);
            times.set(claim, before === undefined ? time : merge([...before, ...time]));
            done += 1;
            if (done % CLAIMS_PER_STEP === 0) yield;
        }
    }
    return times;
}

/** In order, without overlaps. */
function merge(edges: readonly number[]): number[] {
    const pairs = edges.flatMap((from, i) => (i % 2 === 0 ? [[from, edges[i + 1] ?? from] as const] : []));
    const merged: number[] = [];
    for (const [from, until] of pairs.sort((a, b) => a[0] - b[0])) {
        const last = merged.at(-1);
        if (last !== undefined && from <= last) merged[merged.length - 1] = Math.max(last, until);
        else merged.push(from, until);
    }
    return merged;
}
