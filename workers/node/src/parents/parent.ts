import { bringsNames } from '../cache/parent.js';
import type { Upstream, UpstreamRequest, UpstreamResponse } from '../cache/upstream.js';
import type { LoadedMember } from './bounded-load.js';
import type { Detention } from './detention.js';

/** What a parent answers for itself or for what is behind it, and what another parent may well answer otherwise. */
const FAILURES = new Set([502, 503, 504]);
const LOOP_DETECTED = 508;
const MAX_RETRY_AFTER_SECS = 60;

export interface ParentOptions {
    url: string;
    weight: number;
    /** Base58 address, if the parent is a node of the network. */
    node: string | null;
    upstream: Upstream;
    detention: Detention;
}

/** One place where misses can go: how much of ours is under way there, and whether it is to be left alone. */
export class Parent implements LoadedMember {
    readonly name: string;
    readonly weight: number;
    readonly node: string | null;
    readonly detention: Detention;
    readonly upstream: Upstream;
    load = 0;
    requests = 0;
    failures = 0;

    constructor({ url, weight, node, upstream, detention }: ParentOptions) {
        this.name = url;
        this.weight = weight;
        this.node = node;
        this.upstream = upstream;
        this.detention = detention;
    }

    /** One try. A response that says that the parent failed is given back all the same: it may be the best there is. */
    async ask(request: UpstreamRequest): Promise<UpstreamResponse> {
        this.load += 1;
        this.requests += 1;
        this.detention.begin();
        try {
            const response = await this.upstream.fetch(request);
            if (isFailure(response, request)) this.#fail(retryAfterMs(response));
            else if (response.status === LOOP_DETECTED) this.detention.release();
            else this.detention.succeed();
            this.#follow(response);
            return response;
        } catch (error) {
            this.load -= 1;
            if (isAbort(error)) this.detention.release();
            else this.#fail();
            throw error;
        }
    }

    /** Its body counts as load until it is over, and as a failure if it breaks off. */
    #follow({ body }: UpstreamResponse): void {
        body.once('error', (error) => {
            if (!isAbort(error)) this.#fail();
        });
        body.once('close', () => {
            this.load -= 1;
        });
    }

    #fail(awayMs = 0): void {
        this.failures += 1;
        this.detention.fail(awayMs);
    }
}

/** A loop is the parent's failure only if this node began it: names that came with a request are whatever a viewer wrote. */
export const isFailure = ({ status }: UpstreamResponse, { headers }: UpstreamRequest): boolean =>
    FAILURES.has(status) || (status === LOOP_DETECTED && !bringsNames(headers['cdn-loop']));

export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Of a 503 only (RFC 9110 10.2.3), in whole seconds; a date would need the parent's clock. */
function retryAfterMs({ status, headers }: UpstreamResponse): number {
    const text = headers['retry-after'];
    if (status !== 503 || text === undefined || !/^[0-9]{1,6}$/.test(text)) return 0;
    return Math.min(MAX_RETRY_AFTER_SECS, Number(text)) * 1_000;
}
