import type { IncomingMessage, ServerResponse } from 'node:http';
import {
    EVIDENCE_PATH,
    openSessionRequest,
    RECEIPTS_PATH,
    SESSIONS_PATH,
    STATUS_PATH,
    signedReceipt,
} from '@ocm/sdk/http';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import type { SessionService } from '../sessions/session-service.js';
import type { Access } from './access.js';
import type { EpochAccess } from './epoch-access.js';
import { answerEvidence } from './evidence-paths.js';
import type { LogHandler } from './log-handler.js';
import type { StatusReporter } from './status.js';

/** Some control paths; answers false for all others. */
export interface ControlPaths {
    handle(
        request: IncomingMessage,
        response: ServerResponse,
        pathname: string,
        query: URLSearchParams,
    ): Promise<boolean>;
}

export interface ControlOptions {
    node: string;
    access: Access;
    epochs: EpochAccess;
    logs: LogHandler;
    status: StatusReporter;
    /** RELAY and BEACON only. */
    sessions: SessionService | null;
    /** Asked in order before the operator's paths. */
    more: readonly ControlPaths[];
}

/** The control paths of a node. Returns false for paths that are not among them. */
export class ControlHandler {
    readonly #options: ControlOptions;

    constructor(options: ControlOptions) {
        this.#options = options;
    }

    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
        const { pathname, query } = splitUrl(request.url ?? '');
        const { status, sessions } = this.#options;
        switch (pathname) {
            case STATUS_PATH:
                requireMethod(request, 'GET');
                sendJson(response, 200, status.read());
                return true;
            case SESSIONS_PATH:
                if (sessions === null) return false;
                requireMethod(request, 'POST');
                sendJson(response, 200, await sessions.open(await readJson(request, openSessionRequest)));
                return true;
            case RECEIPTS_PATH:
                if (sessions === null) return false;
                requireMethod(request, 'POST');
                sendJson(response, 200, await sessions.acceptReceipt(await readJson(request, signedReceipt)));
                return true;
            default:
                return this.#operatorPaths(request, response, pathname, query);
        }
    }

    async #operatorPaths(
        request: IncomingMessage,
        response: ServerResponse,
        pathname: string,
        query: URLSearchParams,
    ): Promise<boolean> {
        const { logs, access, more } = this.#options;
        for (const paths of more) if (await paths.handle(request, response, pathname, query)) return true;
        if (!pathname.startsWith(`${EVIDENCE_PATH}/`)) return logs.handle(request, response, pathname, query);
        requireMethod(request, 'GET');
        access.requireOperator(request);
        sendJson(response, 200, await answerEvidence(this.#options, pathname.slice(EVIDENCE_PATH.length), query));
        return true;
    }
}

function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
    const mark = url.indexOf('?');
    return mark < 0
        ? { pathname: url, query: new URLSearchParams() }
        : { pathname: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}
