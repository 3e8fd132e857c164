import type { IncomingMessage, ServerResponse } from 'node:http';
import { CACHE_JOBS_PATH, PREPOSITION_PATH, PURGE_PATH, prepositionRequest, purgeRequest } from '@ocm/sdk/http';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { Access } from '../roles/access.js';
import type { CacheJobs } from './jobs.js';

/** The operator's paths to the cache. Returns false for other paths. */
export class PurgeHandler {
    readonly #access: Pick<Access, 'requireOperator'>;
    readonly #jobs: CacheJobs;

    constructor(access: Pick<Access, 'requireOperator'>, jobs: CacheJobs) {
        this.#access = access;
        this.#jobs = jobs;
    }

    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
        const isJob = path.startsWith(`${CACHE_JOBS_PATH}/`);
        if (path !== PURGE_PATH && path !== PREPOSITION_PATH && path !== CACHE_JOBS_PATH && !isJob) return false;
        this.#access.requireOperator(request);
        if (path === CACHE_JOBS_PATH) {
            requireMethod(request, 'GET');
            sendJson(response, 200, { jobs: this.#jobs.list() });
        } else if (isJob) {
            await this.#one(request, response, path.slice(CACHE_JOBS_PATH.length + 1));
        } else {
            requireMethod(request, 'POST');
            const job =
                path === PURGE_PATH
                    ? await this.#jobs.purge(await readJson(request, purgeRequest))
                    : await this.#jobs.preposition(await readJson(request, prepositionRequest));
            sendJson(response, 202, job, { location: `${CACHE_JOBS_PATH}/${job.id}` });
        }
        return true;
    }

    async #one(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
        if (request.method === 'DELETE') {
            sendJson(response, 200, await this.#jobs.cancel(id));
            return;
        }
        if (request.method !== 'GET' && request.method !== 'HEAD') {
            throw new RequestProblem(405, 'MKT_NODE__METHOD_NOT_ALLOWED', 'Use GET or DELETE here.', {
                allow: 'GET, HEAD, DELETE',
            });
        }
        sendJson(response, 200, this.#jobs.get(id));
    }
}
