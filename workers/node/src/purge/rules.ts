import type { PurgeRequest } from '@ocm/sdk/http';
import { compilePattern } from './pattern.js';

/** What a purge looks at of a stored response. */
export interface PurgedSubject {
    /** Normalised path with the keyed query. */
    pathAndQuery: string;
    tags: ReadonlySet<string>;
    /** When the parent was asked, in Unix milliseconds. */
    requestedAtMs: number;
}

/** One accepted purge: it is about what the parent was asked for up to then. */
export interface PurgeRule {
    atMs: number;
    /** By path and query alone; true where that cannot tell. */
    mayMatch(pathAndQuery: string): boolean;
    matches(subject: PurgedSubject): boolean;
}

/** Rules kept for fetches under way; what began before the oldest one that was forgotten is not stored. */
const MAX_RULES = 256;

export interface RuleInput {
    request: PurgeRequest;
    atMs: number;
    /** A URL as it is keyed. */
    normalise: (url: string) => string;
    /** URLs of a configured collection. */
    members: (collection: string) => readonly string[];
}

/** @throws RequestProblem from `normalise` for what is no URL of this node */
export function ruleOf({ request, atMs, normalise, members }: RuleInput): PurgeRule {
    const urls = new Set([...request.urls, ...request.collections.flatMap(members)].map(normalise));
    const tags = new Set(request.collections);
    const patterns = request.patterns.map((pattern) => {
        const isMatch = compilePattern(pattern);
        return (pathAndQuery: string): boolean =>
            isMatch(pattern.matchQueryString ? pathAndQuery : (pathAndQuery.split('?', 1)[0] ?? ''));
    });
    const isNamed = (path: string): boolean => urls.has(path) || patterns.some((isMatch) => isMatch(path));
    return {
        atMs,
        mayMatch: (path) => tags.size > 0 || isNamed(path),
        matches: (subject) =>
            subject.requestedAtMs <= atMs &&
            (isNamed(subject.pathAndQuery) || [...subject.tags].some((tag) => tags.has(tag))),
    };
}

/** Rules in force for what comes to the storage. */
export class PurgeRules {
    readonly #rules: PurgeRule[] = [];
    #forgottenAtMs = Number.NEGATIVE_INFINITY;

    add(rule: PurgeRule): void {
        this.#rules.push(rule);
        const oldest = this.#rules.length > MAX_RULES ? this.#rules.shift() : undefined;
        if (oldest !== undefined) this.#forgottenAtMs = Math.max(this.#forgottenAtMs, oldest.atMs);
    }

    /** Whether a response may be stored, or a stored one be used. @param subjectOf asked only where there was a purge */
    allow(subjectOf: () => PurgedSubject): boolean {
        if (this.#rules.length === 0) return true;
        const subject = subjectOf();
        if (subject.requestedAtMs <= this.#forgottenAtMs) return false;
        return !this.#rules.some((rule) => rule.matches(subject));
    }
}
