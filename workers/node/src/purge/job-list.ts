import { randomUUID } from 'node:crypto';
import { errorCodeOf } from '@ocm/runtime';
import type { CacheJob } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { JobFile } from './job-file.js';
import type { StoredJob } from './ports.js';

/** Of each type. */
const MAX_OPEN_JOBS = 32;
const MAX_ENDED_JOBS = 100;
const MAX_ERRORS = 20;
const SAVE_INTERVAL_MS = 1_000;

export const isOpen = ({ state }: CacheJob): boolean => state === 'pending' || state === 'running';

/** What others are told of a job. */
export function tell({ request: _, ...job }: StoredJob): CacheJob {
    return { ...job, errors: [...job.errors] };
}

/** The jobs there are, newest first, bounded and on disk. */
export class JobList {
    readonly #file: JobFile;
    readonly #now: () => number;
    #jobs: StoredJob[] = [];
    #savedAtMs = 0;

    constructor(file: JobFile, now: () => number) {
        this.#file = file;
        this.#now = now;
    }

    async load(): Promise<void> {
        this.#jobs = await this.#file.read();
    }

    all(): readonly StoredJob[] {
        return this.#jobs;
    }

    open(): StoredJob[] {
        return this.#jobs.filter(isOpen);
    }

    /** @throws RequestProblem 404 */
    find(id: string): StoredJob {
        const job = this.#jobs.find((candidate) => candidate.id === id);
        if (job !== undefined) return job;
        throw new RequestProblem(404, 'MKT_NODE__CACHE_JOB_UNKNOWN', 'There is no job of that name.');
    }

    /** A job that is not in the list yet. @throws RequestProblem 503 */
    create(type: CacheJob['type'], request: StoredJob['request'], total: number | null): StoredJob {
        if (this.open().filter((job) => job.type === type).length >= MAX_OPEN_JOBS) {
            throw new RequestProblem(503, 'MKT_NODE__CACHE_JOBS_FULL', 'Too many jobs wait; retry when some are done.');
        }
        const progress = { state: 'pending' as const, endedAtMs: null, done: 0, total, errors: [] };
        return { id: randomUUID(), type, acceptedAtMs: this.#now(), ...progress, request };
    }

    /** Resolves when the job outlasts a crash. */
    async add(job: StoredJob): Promise<void> {
        const ended = this.#jobs.filter((other) => !isOpen(other)).slice(0, MAX_ENDED_JOBS - 1);
        this.#jobs = [job, ...this.#jobs.filter((other) => isOpen(other) || ended.includes(other))];
        await this.save();
    }

    save(): Promise<void> {
        return this.#file.write(this.#jobs);
    }

    progress(job: StoredJob, done: number): void {
        job.done = done;
        const nowMs = this.#now();
        if (nowMs - this.#savedAtMs < SAVE_INTERVAL_MS) return;
        this.#savedAtMs = nowMs;
        // What is lost is done again.
        this.save().catch(() => undefined);
    }

    fail(job: StoredJob, subject: string, error: unknown): void {
        if (job.errors.length < MAX_ERRORS) job.errors.push({ subject, code: errorCodeOf(error) });
    }

    end(job: StoredJob, state: 'done' | 'failed' | 'cancelled'): void {
        job.state = state;
        job.endedAtMs = this.#now();
    }
}
