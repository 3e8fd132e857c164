import type { Upstream, UpstreamRequest, UpstreamResponse } from '../cache/upstream.js';
import { askHedged } from './hedge.js';
import { isAbort, isFailure, type Parent } from './parent.js';
import { type ParentTier, planParents } from './plan.js';
import type { RetryBudget } from './retry-budget.js';

/** Parents that one request may meet at most, whatever the budget says. */
const MAX_TRIES = 4;
const LOOP_FIELD = 'cdn-loop';

export interface ParentTreeOptions {
    /** Base58 address of this node. */
    self: string;
    /** The nearest first; the last is where content comes from. */
    tiers: readonly ParentTier[];
    /** Names the content: its authority is part of every cache key, its URLs are in log records. */
    contentUrl: string;
    budget: RetryBudget;
    /** A parent may have 1 + `slack` times its fair share of what is under way. */
    slack: number;
    /** Null: requests are never hedged. */
    hedgeAfterMs: number | null;
}
export interface ParentState {
    tier: string;
    url: string;
    load: number;
    requests: number;
    failures: number;
    /** Local milliseconds; 0 if it may be asked. */
    detainedUntilMs: number;
}

/** Where misses go when there is more than one parent: chosen by the object, avoided when they fail, retried within a budget. */
export class ParentTree implements Upstream {
    readonly host: string;
    readonly #options: ParentTreeOptions;
    /** Tries beyond the first of a request, and those of them that were hedges. */
    readonly counters = { retries: 0, hedges: 0, exhausted: 0 };

    constructor(options: ParentTreeOptions) {
        this.#options = options;
        this.host = new URL(options.contentUrl).host;
    }

    urlOf(path: string): string {
        return `${this.#options.contentUrl.replace(/\/$/, '')}${path}`;
    }

    /** @throws RequestProblem what the last parent that was tried failed with */
    async fetch(request: UpstreamRequest): Promise<UpstreamResponse> {
        const { tiers, self, slack, budget } = this.#options;
        const plan = planParents({ tiers, self, slack, key: request.path, passed: passedBy(request, self) });
        budget.earn();
        // Others than GET and HEAD may have had their effect before the answer was lost.
        const isSafe = request.method === 'GET' || request.method === 'HEAD';
        const tries = plan.slice(0, isSafe ? MAX_TRIES : 1);
        return this.#try(tries, request);
    }

    states(): ParentState[] {
        return this.#options.tiers.flatMap(({ name, ring }) =>
            ring.members.map(({ name: url, load, requests, failures, detention }) => ({
                tier: name,
                url,
                load,
                requests,
                failures,
                detainedUntilMs: detention.untilMs,
            })),
        );
    }

    async close(): Promise<void> {
        const parents = this.#options.tiers.flatMap(({ ring }) => ring.members);
        await Promise.all(parents.map(({ upstream }) => upstream.close()));
    }

    /** Parents one after the other, until one gives an answer that no other could better. */
    async #try(parents: readonly Parent[], request: UpstreamRequest): Promise<UpstreamResponse> {
        const left = [...parents];
        for (;;) {
            let response: UpstreamResponse;
            try {
                response = await this.#ask(left, request);
            } catch (error) {
                if (isAbort(error) || !this.#mayRetry(left, request)) throw error;
                continue;
            }
            if (!isFailure(response, request) || !this.#mayRetry(left, request)) return response;
            response.body.resume();
        }
    }

    #mayRetry(left: readonly Parent[], { signal }: UpstreamRequest): boolean {
        if (left.length === 0 || signal?.aborted === true) return false;
        const has = this.#options.budget.spend();
        this.counters[has ? 'retries' : 'exhausted'] += 1;
        return has;
    }

    /** Asks the first of those left, and the second beside it when that takes long and hedging is on; takes them off. */
    #ask(left: Parent[], request: UpstreamRequest): Promise<UpstreamResponse> {
        const { hedgeAfterMs, budget } = this.#options;
        const first = left.shift();
        if (first === undefined) throw new TypeError('no parent is left to ask');
        const [second] = left;
        if (hedgeAfterMs === null || second === undefined) return first.ask(request);
        const mayHedge = (): boolean => {
            if (!budget.spend()) return false;
            this.counters.hedges += 1;
            left.shift();
            return true;
        };
        return askHedged({ request, first, second, afterMs: hedgeAfterMs, mayHedge });
    }
}

/** Nodes that the request says it has passed before this one, which has put its own name there already. */
function passedBy({ headers }: UpstreamRequest, self: string): ReadonlySet<string> {
    const names = (headers[LOOP_FIELD] ?? '').split(',').map((name) => name.trim());
    return new Set(names.filter((name) => name !== '' && name !== self));
}
