import type { CacheJob, PrepositionRequest, PurgeRequest } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { NodeLog } from '../ports.js';
import type { JobFile } from './job-file.js';
import { isOpen, JobList, tell } from './job-list.js';
import type { CachePort, StoredJob } from './ports.js';
import { type PurgeRule, ruleOf } from './rules.js';

/** Fetches at once of one preposition: a parent must not feel it. */
const FETCHES_AT_ONCE = 4;
const FETCH_TIMEOUT_MS = 60_000;

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
    readonly #jobs: JobList;
    readonly #running = { purge: Promise.resolve(), preposition: Promise.resolve() };

    constructor(options: CacheJobsOptions) {
        this.#options = options;
        this.#jobs = new JobList(options.file, options.now);
    }

    /** To be called before the storage is opened: what was accepted before is in force from the start. */
    async load(): Promise<void> {
        await this.#jobs.load();
        for (const job of this.#jobs.open().filter(({ type }) => type === 'purge')) {
            try {
                this.#options.cache.enforce(this.#ruleOf(job));
            } catch (error) {
                // The config no longer knows the host of one of its URLs; the node must start nevertheless.
                this.#options.log.error({ err: error, job: job.id }, 'cache job failed');
                this.#jobs.fail(job, '', error);
                this.#jobs.end(job, 'failed');
            }
        }
    }

    /** Takes up what an earlier process did not end. */
    start(): void {
        for (const job of this.#jobs.open().reverse()) this.#enqueue(job);
    }

    async stop(): Promise<void> {
        this.#stopping.abort();
        await Promise.all([this.#running.purge, this.#running.preposition]);
        await this.#saveProgress();
    }

    list(): CacheJob[] {
        return this.#jobs.all().map(tell);
    }

    /** @throws RequestProblem 404 */
    get(id: string): CacheJob {
        return tell(this.#jobs.find(id));
    }

    /** @throws RequestProblem 400 for a URL that is not this node's, 503 */
    async purge(request: PurgeRequest): Promise<CacheJob> {
        const job = this.#jobs.create('purge', request, null);
        const rule = this.#ruleOf(job);
        this.#options.cache.enforce(rule);
        this.#options.cache.leaveFlights((path) => rule.mayMatch(path));
        return this.#accept(job);
    }

    /** @throws RequestProblem 400, 503 */
    async preposition(request: PrepositionRequest): Promise<CacheJob> {
        return this.#accept(this.#jobs.create('preposition', request, this.#urlsOf(request).length));
    }

    /** @throws RequestProblem 404, 409 for a purge */
    async cancel(id: string): Promise<CacheJob> {
        const job = this.#jobs.find(id);
        if (job.type === 'purge') {
            throw new RequestProblem(
                409,
                'MKT_NODE__PURGE_IN_FORCE',
                'A purge that was accepted cannot be taken back.',
            );
        }
        if (isOpen(job)) this.#jobs.end(job, 'cancelled');
        await this.#jobs.save();
        return tell(job);
    }

    async #accept(job: StoredJob): Promise<CacheJob> {
        await this.#jobs.add(job);
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
                if (isOpen(job) && !this.#stopping.signal.aborted) this.#jobs.end(job, 'done');
            } catch (error) {
                this.#options.log.error({ err: error, job: job.id }, 'cache job failed');
                this.#jobs.fail(job, '', error);
                this.#jobs.end(job, 'failed');
            }
            await this.#saveProgress();
        });
    }

    /** What was accepted is on disk already: where there is no room, the next process does a part of it again. */
    async #saveProgress(): Promise<void> {
        await this.#jobs.save().catch((error: unknown) => {
            this.#options.log.error({ err: error }, 'cache jobs not written');
        });
    }

    async #runPurge(job: StoredJob): Promise<void> {
        const { method } = job.request as PurgeRequest;
        job.done = await this.#options.cache.sweep(this.#ruleOf(job), method, (purged) =>
            this.#jobs.progress(job, purged),
        );
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
            if (status >= 400) this.#jobs.fail(job, path, { code: `HTTP_${status}` });
        } catch (error) {
            // Taken up again after the restart.
            if (this.#stopping.signal.aborted) return;
            this.#jobs.fail(job, path, error);
        }
        this.#jobs.progress(job, job.done + 1);
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
}
