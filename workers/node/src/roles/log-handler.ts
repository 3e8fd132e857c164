import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DISCLOSURES_PATH, LOG_FEED_TYPE, LOG_FEEDS_PATH, LOG_FILE_TYPE, LOGS_PATH } from '@ocm/sdk/http';
import { requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import { sendFile, sendText } from '../http/static.js';
import { formatFeed } from '../log/feed.js';
import type { LogFileFacts } from '../log/log-file.js';
import type { EpochSummary } from '../log/summary.js';
import type { Access } from './access.js';
import type { EpochAccess } from './epoch-access.js';

export interface LogHandlerOptions {
    node: string;
    dataDir: string;
    access: Access;
    epochs: EpochAccess;
}

/** Contract, epoch, token hash, index and field name: what they stand for is looked up, nothing of a path reaches the disk. */
const DISCLOSURE_FORM =
    /^\/([1-9A-HJ-NP-Za-km-z]{32,44})\/(0|[1-9][0-9]{0,9})\/([0-9a-f]{64})\/(0|[1-9][0-9]{0,8})\/([a-z][a-z()-]{1,80})$/;
const FEED_FORM = /^\/([1-9A-HJ-NP-Za-km-z]{32,44})$/;

/** Log files, their feeds, and single fields of their records. Returns false for other paths. */
export class LogHandler {
    readonly #options: LogHandlerOptions;

    constructor(options: LogHandlerOptions) {
        this.#options = options;
    }

    async handle(
        request: IncomingMessage,
        response: ServerResponse,
        path: string,
        query: URLSearchParams,
    ): Promise<boolean> {
        const roots = [LOGS_PATH, LOG_FEEDS_PATH, DISCLOSURES_PATH];
        const root = roots.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
        if (root === undefined) return false;
        requireMethod(request, 'GET');
        const readable = this.#options.access.readableContracts(request);
        const rest = path.slice(root.length);
        if (root === LOG_FEEDS_PATH) this.#sendFeed(request, response, readable, rest, query);
        else if (root === DISCLOSURES_PATH) sendJson(response, 200, await this.#disclose(readable, rest));
        else if (rest === '') sendJson(response, 200, { files: this.#list(readable) });
        else await this.#sendLog(request, response, readable, rest.slice(1));
        return true;
    }

    #list(readable: Readable): object[] {
        return this.#epochs(readable)
            .filter(({ erasedAtMs }) => erasedAtMs === null)
            .flatMap(({ contract, epoch, logFiles }) =>
                logFiles.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, contract, epoch })),
            );
    }

    #sendFeed(
        request: IncomingMessage,
        response: ServerResponse,
        readable: Readable,
        rest: string,
        query: URLSearchParams,
    ): void {
        const contract = FEED_FORM.exec(rest)?.[1];
        if (contract === undefined) throw pathInvalid(`${LOG_FEEDS_PATH}/<contract address>`);
        requireReadable(readable, contract);
        const page = query.get('page') ?? '1';
        const epochs = this.#epochs(new Set([contract])).filter(({ erasedAtMs }) => erasedAtMs === null);
        const { node } = this.#options;
        const text = /^[1-9][0-9]{0,6}$/.test(page) ? formatFeed({ node, contract, epochs, page: Number(page) }) : null;
        if (text === null) {
            throw new RequestProblem(
                404,
                'MKT_NODE__FEED_PAGE_UNKNOWN',
                'The feed has no such page; start at its first.',
            );
        }
        const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
        sendText(request, response, { type: LOG_FEED_TYPE, text, etag });
    }

    async #disclose(readable: Readable, rest: string): Promise<object> {
        const [, contract, epochText, session, indexText, field] = DISCLOSURE_FORM.exec(rest) ?? [];
        if (contract === undefined || session === undefined || field === undefined) {
            throw pathInvalid(`${DISCLOSURES_PATH}/<contract>/<epoch>/<token hash>/<record index>/<field>`);
        }
        requireReadable(readable, contract);
        const { node, epochs } = this.#options;
        const request = { session, recordIndex: Number(indexText), field };
        return { node, ...(await epochs.proveField({ contract, epoch: Number(epochText) }, request)) };
    }

    async #sendLog(
        request: IncomingMessage,
        response: ServerResponse,
        readable: Readable,
        name: string,
    ): Promise<void> {
        // Only names that we wrote ourselves: no path from outside is ever joined.
        let found: { file: LogFileFacts; summary: EpochSummary } | undefined;
        for (const summary of this.#epochs(readable)) {
            const file = summary.logFiles.find((candidate) => candidate.name === name);
            if (file !== undefined) found = { file, summary };
        }
        if (found === undefined) {
            throw new RequestProblem(404, 'MKT_NODE__LOG_UNKNOWN', 'There is no log file of that name.');
        }
        const { file, summary } = found;
        if (summary.erasedAtMs !== null) throw erasedEpoch(summary.epoch);
        await sendFile(request, response, {
            type: LOG_FILE_TYPE,
            path: join(this.#options.dataDir, 'logs', file.name),
            bytes: file.bytes,
            sha256: file.sha256,
        });
    }

    #epochs(readable: Readable): EpochSummary[] {
        return this.#options.epochs
            .list()
            .filter(({ contract }) => contract !== null && (readable === 'all' || readable.has(contract)));
    }
}

type Readable = 'all' | ReadonlySet<string>;

function requireReadable(readable: Readable, contract: string): void {
    if (readable === 'all' || readable.has(contract)) return;
    throw new RequestProblem(403, 'MKT_NODE__CONTRACT_FOREIGN', 'The token opens the logs of another contract.');
}

const pathInvalid = (form: string): RequestProblem =>
    new RequestProblem(400, 'MKT_NODE__PATH_INVALID', `Ask for ${form}.`);

const erasedEpoch = (epoch: number): RequestProblem =>
    new RequestProblem(
        410,
        'MKT_NODE__EPOCH_ERASED',
        `The raw log of epoch ${epoch} was erased; only its totals are kept.`,
    );
