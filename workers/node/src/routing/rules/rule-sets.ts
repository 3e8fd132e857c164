import type { Rule } from './rule.js';

/** Rules of one footprint; one alone stands for itself. Several are in the order of their nodes' seeds. */
export type RuleSet = Rule | readonly Rule[];

/** All rules of a set. */
export const rulesIn = (set: RuleSet | undefined): readonly Rule[] =>
    set === undefined ? [] : 'claim' in set ? [set] : set;

/** Ties of seeds go by claim, so that the order does not depend on what came first. */
const comesBefore = (a: Rule, b: Rule): boolean =>
    a.node.seed < b.node.seed || (a.node.seed === b.node.seed && a.claim.address < b.claim.address);

/** Edits sets of a draft: a published list is copied once, then the copy is edited in place. */
export class RuleSets {
    readonly #owned = new Set<readonly Rule[]>();

    insert(set: RuleSet | undefined, rule: Rule): RuleSet {
        if (set === undefined) return rule;
        const rules = this.#own(set);
        rules.splice(placeOf(rules, rule), 0, rule);
        return rules;
    }

    remove(set: RuleSet | undefined, rule: Rule): RuleSet | undefined {
        if (set === undefined || set === rule) return undefined;
        const rules = this.#own(set);
        const place = rules.indexOf(rule, placeOf(rules, rule));
        if (place >= 0) rules.splice(place, 1);
        return rules.length === 1 ? rules[0] : rules;
    }

    publish(): void {
        this.#owned.clear();
    }

    #own(set: RuleSet): Rule[] {
        if (this.#owned.has(set as readonly Rule[])) return set as Rule[];
        const copy = [...rulesIn(set)];
        this.#owned.add(copy);
        return copy;
    }
}

/** Place of the first rule that does not come before this one. */
function placeOf(rules: readonly Rule[], rule: Rule): number {
    let low = 0;
    let high = rules.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (comesBefore(rules[middle]!, rule)) low = middle + 1;
        else high = middle;
    }
    return low;
}
