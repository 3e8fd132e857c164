import { randomUUID } from 'node:crypto';
import { errorCodeOf } from '@ocm/runtime';
import type { CacheJob, PrepositionRequest, PurgeRequest } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { NodeLog } from '../ports.js';
import type { JobFile } from './job-file.js';
import type { CachePort, StoredJob } from './ports.js';
import { type PurgeRule, ruleOf } from './rules.js';

/** Of each type. */
const MAX_OPEN_JOBS = 32;
const MAX_ENDED_JOBS = 100;
const MAX_ERRORS = 20;
/** Fetches at once of one preposition: a parent must not feel it. */
const FETCHES_AT_ONCE = 4;
const FETCH_TIMEOUT_MS = 60_000;
const SAVE_INTERVAL_MS = 1_000;

export interface CacheJobsOptions {
    cache: CachePort;
    file: JobFile;
    normalise: (url: string) => string;
    /** Sets of URLs with a name. */
    collections: Readonly<Record<string, readonly string[]>>;
    now: () => number;
    log: NodeLog;
}

/** Purges one after the other, prepositions one after the other beside them; accepted ones survive a restart. */
export class CacheJobs {
    readonly #options: CacheJobsOptions;
    readonly #stopping = new AbortController();
    #jobs: StoredJob[] = [];
    readonly #running = { purge: Promise.resolve(), preposition: Promise.resolve() };
    #savedAtMs = 0;

    constructor(options: CacheJobsOptions) {
        this.#options = options;
    }

    /** To be called before the storage is opened: what was accepted before is in force from the start. */
    async load(): Promise<void> {
        this.#jobs = await this.#options.file.read();
        for (const job of this.#open()) if (job.type === 'purge') this.#options.cache.enforce(this.#ruleOf(job));
    }

    /** Takes up what an earlier process did not end. */
    start(): void {
        for (const job of this.#open().reverse()) this.#enqueue(job);
    }

    async stop(): Promise<void> {
        this.#stopping.abort();
        await Promise.all([this.#running.purge, this.#running.preposition]);
        await this.#options.file.write(this.#jobs);
    }

    list(): CacheJob[] {
        return this.#jobs.map(tell);
    }

    /** @throws RequestProblem 404 */
    get(id: string): CacheJob {
        return tell(this.#find(id));
    }

    /** @throws RequestProblem 400 for a URL that is not this node's, 503 */
    async purge(request: PurgeRequest): Promise<CacheJob> {
        const job = this.#create('purge', request, null);
        const rule = this.#ruleOf(job);
        this.#options.cache.enforce(rule);
        this.#options.cache.leaveFlights((path) => rule.mayMatch(path));
        return this.#accept(job);
    }

    /** @throws RequestProblem 400, 503 */
    async preposition(request: PrepositionRequest): Promise<CacheJob> {
        return this.#accept(this.#create('preposition', request, this.#urlsOf(request).length));
    }

    /** @throws RequestProblem 404, 409 for a purge */
    async cancel(id: string): Promise<CacheJob> {
        const job = this.#find(id);
        if (job.type === 'purge') {
            throw new RequestProblem(
                409,
                'MKT_NODE__PURGE_IN_FORCE',
                'A purge that was accepted cannot be taken back.',
            );
        }
        if (isOpen(job)) this.#end(job, 'cancelled');
        await this.#options.file.write(this.#jobs);
        return tell(job);
    }

    #create(type: CacheJob['type'], request: StoredJob['request'], total: number | null): StoredJob {
        if (this.#open().filter((job) => job.type === type).length >= MAX_OPEN_JOBS) {
            throw new RequestProblem(503, 'MKT_NODE__CACHE_JOBS_FULL', 'Too many jobs wait; retry when some are done.');
        }
        const acceptedAtMs = this.#options.now();
        const progress = { state: 'pending' as const, acceptedAtMs, endedAtMs: null, done: 0, total, errors: [] };
        return { id: randomUUID(), type, ...progress, request };
    }

    async #accept(job: StoredJob): Promise<CacheJob> {
        const ended = this.#jobs.filter((other) => !isOpen(other)).slice(0, MAX_ENDED_JOBS - 1);
        this.#jobs = [job, ...this.#jobs.filter((other) => isOpen(other) || ended.includes(other))];
        await this.#options.file.write(this.#jobs);
        this.#enqueue(job);
        return tell(job);
    }

    #enqueue(job: StoredJob): void {
        this.#running[job.type] = this.#running[job.type].then(async () => {
            if (this.#stopping.signal.aborted || !isOpen(job)) return;
            job.state = 'running';
            try {
                if (job.type === 'purge') await this.#runPurge(job);
                else await this.#runPreposition(job);
                if (isOpen(job) && !this.#stopping.signal.aborted) this.#end(job, 'done');
            } catch (error) {
                this.#options.log.error({ err: error, job: job.id }, 'cache job failed');
                this.#fail(job, '', error);
                this.#end(job, 'failed');
            }
            await this.#options.file.write(this.#jobs).catch((error: unknown) => {
                this.#options.log.error({ err: error }, 'cache jobs not written');
            });
        });
    }

    async #runPurge(job: StoredJob): Promise<void> {
        const { method } = job.request as PurgeRequest;
        job.done = await this.#options.cache.sweep(this.#ruleOf(job), method, (purged) => this.#progress(job, purged));
    }

    async #runPreposition(job: StoredJob): Promise<void> {
        const urls = this.#urlsOf(job.request);
        let next = job.done;
        const fetchInTurn = async (): Promise<void> => {
            while (next < urls.length && job.state === 'running' && !this.#stopping.signal.aborted) {
                const path = urls[next] ?? '';
                next += 1;
                await this.#fetch(job, path);
            }
        };
        await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, fetchInTurn));
    }

    async #fetch(job: StoredJob, path: string): Promise<void> {
        const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]);
        try {
            const status = await this.#options.cache.prefetch(path, signal);
            if (status >= 400) this.#fail(job, path, { code: `HTTP_${status}` });
        } catch (error) {
            // Taken up again after the restart.
            if (this.#stopping.signal.aborted) return;
            this.#fail(job, path, error);
        }
        this.#progress(job, job.done + 1);
    }

    #progress(job: StoredJob, done: number): void {
        job.done = done;
        const nowMs = this.#options.now();
        if (nowMs - this.#savedAtMs < SAVE_INTERVAL_MS) return;
        this.#savedAtMs = nowMs;
        this.#options.file.write(this.#jobs).catch(() => undefined);
    }

    #fail(job: StoredJob, subject: string, error: unknown): void {
        if (job.errors.length < MAX_ERRORS) job.errors.push({ subject, code: errorCodeOf(error) });
    }

    #end(job: StoredJob, state: 'done' | 'failed' | 'cancelled'): void {
        job.state = state;
        job.endedAtMs = this.#options.now();
    }

    #ruleOf({ request, acceptedAtMs: atMs }: StoredJob): PurgeRule {
        const { normalise } = this.#options;
        return ruleOf({ request: request as PurgeRequest, atMs, normalise, members: (name) => this.#members(name) });
    }

    #urlsOf({ urls, collections }: Pick<PrepositionRequest, 'urls' | 'collections'>): string[] {
        const unknown = collections.find((name) => this.#members(name).length === 0);
        if (unknown !== undefined) {
            throw new RequestProblem(
                400,
                'MKT_NODE__COLLECTION_UNKNOWN',
                'A collection to fetch must be named in the config of this node; tags of responses tell no URLs.',
                { collection: unknown },
            );
        }
        return [...urls, ...collections.flatMap((name) => this.#members(name))].map(this.#options.normalise);
    }

    #members(name: string): readonly string[] {
        return Object.hasOwn(this.#options.collections, name) ? (this.#options.collections[name] ?? []) : [];
    }

    #open(): StoredJob[] {
        return this.#jobs.filter(isOpen);
    }

    #find(id: string): StoredJob {
        const job = this.#jobs.find((candidate) => candidate.id === id);
        if (job === undefined)
            throw new RequestProblem(404, 'MKT_NODE__CACHE_JOB_UNKNOWN', 'There is no job of that name.');
        return job;
    }
}

const isOpen = ({ state }: CacheJob): boolean => state === 'pending' || state === 'running';

function tell({ request: _, ...job }: StoredJob): CacheJob {
    return { ...job, errors: [...job.errors] };
}
