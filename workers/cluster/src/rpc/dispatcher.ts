import { RawJson, stringifyJson } from '../json.js';
import type { Ledger } from '../ledger/ledger.js';
import { MAX_BATCH_LENGTH, MAX_BATCH_REPLY_CHARS } from '../limits.js';
import type { RpcContext, RpcMethod, RpcMethods } from './context.js';
import { INTERNAL_ERROR, INVALID_REQUEST, invalidParams, METHOD_NOT_FOUND, PARSE_ERROR, RpcError } from './errors.js';
import { accountMethods } from './methods/accounts.js';
import { cheatMethods } from './methods/cheats.js';
import { clusterMethods } from './methods/cluster.js';
import { feeMethods } from './methods/fees.js';
import { historyMethods } from './methods/history.js';
import { submissionMethods } from './methods/submission.js';
import { tokenMethods } from './methods/tokens.js';

type RequestId = string | number | null;

export interface DispatcherOptions {
    readonly ledger: Ledger;
    readonly cheats: boolean;
    /** Told of errors that are the cluster's own fault. */
    readonly onInternalError: (error: unknown, method: string) => void;
}

export interface RequestOrigin {
    /** False for callers that may not use cheat methods (a web page of another site). */
    readonly trusted: boolean;
}

const STANDARD_METHODS: RpcMethods = {
    ...clusterMethods,
    ...accountMethods,
    ...tokenMethods,
    ...submissionMethods,
    ...historyMethods,
    ...feeMethods,
};

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf(request: unknown): RequestId {
    if (!isRecord(request)) return null;
    const { id } = request;
    return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function failure(id: RequestId, code: number, message: string, data?: unknown): object {
    return { error: { code, message, ...(data === undefined ? {} : { data }) }, id, jsonrpc: '2.0' };
}

/** JSON-RPC 2.0 over the ledger: text in, text out; nothing a caller sends makes it throw. */
export class Dispatcher {
    private readonly context: RpcContext;

    constructor(private readonly options: DispatcherOptions) {
        this.context = { ledger: options.ledger };
    }

    /** Answers one request or a batch. Empty text if there is nothing to answer (notifications only). */
    handleText(body: string, origin: RequestOrigin = { trusted: true }): string {
        let parsed: unknown;
        try {
            parsed = JSON.parse(body);
        } catch {
            return stringifyJson(failure(null, PARSE_ERROR, 'Parse error'));
        }
        return this.handleParsed(parsed, origin);
    }

    handleParsed(request: unknown, origin: RequestOrigin = { trusted: true }): string {
        this.options.ledger.keepTime();
        if (!Array.isArray(request)) {
            const reply = this.answer(request, origin);
            return reply === undefined ? '' : stringifyJson(reply);
        }
        if (request.length === 0) return stringifyJson(failure(null, INVALID_REQUEST, 'Invalid request'));
        if (request.length > MAX_BATCH_LENGTH) {
            const message = `a batch holds at most ${MAX_BATCH_LENGTH} requests, this one has ${request.length}`;
            return stringifyJson(failure(null, INVALID_REQUEST, message));
        }
        return this.answerBatch(request, origin);
    }

    private answerBatch(requests: readonly unknown[], origin: RequestOrigin): string {
        const replies: RawJson[] = [];
        let length = 0;
        for (const request of requests) {
            const isFull = length > MAX_BATCH_REPLY_CHARS;
            const reply = isFull
                ? failure(
                      idOf(request),
                      INTERNAL_ERROR,
                      'the replies of this batch are too large; send smaller batches',
                  )
                : this.answer(request, origin);
            if (reply === undefined) continue;
            const text = stringifyJson(reply);
            length += text.length;
            replies.push(new RawJson(text));
        }
        return replies.length === 0 ? '' : stringifyJson(replies);
    }

    private answer(request: unknown, origin: RequestOrigin): object | undefined {
        if (!isRecord(request) || request.jsonrpc !== '2.0' || typeof request.method !== 'string') {
            return failure(idOf(request), INVALID_REQUEST, 'Invalid request');
        }
        const id = idOf(request);
        const result = this.call(request.method, request.params ?? [], id, origin);
        return request.id === undefined ? undefined : result;
    }

    private call(name: string, params: unknown, id: RequestId, origin: RequestOrigin): object {
        try {
            const method = this.find(name, origin);
            if (!Array.isArray(params)) throw invalidParams('params must be an array');
            return { id, jsonrpc: '2.0', result: method(params, this.context) };
        } catch (error) {
            if (error instanceof RpcError) return failure(id, error.code, error.message, error.data);
            this.options.onInternalError(error, name);
            const message = error instanceof Error ? error.message : 'Internal error';
            return failure(id, INTERNAL_ERROR, `Internal error: ${message}`);
        }
    }

    private find(name: string, origin: RequestOrigin): RpcMethod {
        if (Object.hasOwn(STANDARD_METHODS, name)) {
            const method = STANDARD_METHODS[name];
            if (method !== undefined) return method;
        }
        if (Object.hasOwn(cheatMethods, name)) {
            const method = cheatMethods[name];
            if (method !== undefined && this.options.cheats && origin.trusted) return method;
            throw new RpcError(METHOD_NOT_FOUND, 'Method not found (cheat methods are off for this caller)');
        }
        throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
    }
}
