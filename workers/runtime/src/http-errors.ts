import { isMarketplaceError } from '@ocm/sdk/core';
import type { ErrorBody } from '@ocm/sdk/http';
import { errorCodeOf } from './errors.js';

/** Codes of Fastify itself that a client can cause. */
const FRAMEWORK_CODES: Readonly<Record<string, readonly [number, string, string]>> = {
    FST_ERR_CTP_BODY_TOO_LARGE: [413, 'MKT_HTTP__BODY_TOO_LARGE', 'the body is larger than this interface accepts'],
    FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'MKT_HTTP__MEDIA_TYPE_UNSUPPORTED', 'send content-type: application/json'],
    FST_ERR_CTP_INVALID_JSON_BODY: [400, 'MKT_HTTP__BODY_MALFORMED', 'the body is not valid JSON'],
    FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'MKT_HTTP__BODY_MALFORMED', 'the body is empty; send a JSON object'],
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'MKT_HTTP__BODY_MALFORMED', 'the body does not have its declared length'],
    FST_ERR_BAD_URL: [400, 'MKT_HTTP__PATH_MALFORMED', 'the path is not a valid percent-encoded path'],
    FST_ERR_MAX_PARAM_LENGTH: [414, 'MKT_HTTP__PATH_TOO_LONG', 'a part of the path is longer than 256 characters'],
};

/** Layers whose errors speak of the caller's input. */
const INPUT_LAYERS = ['MKT_HTTP__', 'MKT_CORE__', 'MKT_SDK__'];

/**
 * Status and body for any thrown value. Order: `statuses` by code; errors about input → 400; what Fastify found → its
 * 4xx; `MKT_RUNTIME__` → 503; the rest → 500. Bodies of 5xx name only the request, for the log.
 */
export function errorReply(
    error: unknown,
    statuses: Readonly<Record<string, number>>,
    requestId: string,
): { status: number; body: ErrorBody } {
    const code = errorCodeOf(error);
    const known = FRAMEWORK_CODES[code];
    if (known !== undefined) return { status: known[0], body: refusalReply(known[1], known[2]) };
    if (isMarketplaceError(error)) {
        const status = statuses[code] ?? (INPUT_LAYERS.some((layer) => code.startsWith(layer)) ? 400 : undefined);
        if (status !== undefined && status < 500) return { status, body: refusalReply(code, error.message) };
        if (status !== undefined || code.startsWith('MKT_RUNTIME__'))
            return { status: status ?? 503, body: hiddenReply('MKT_HTTP__UNAVAILABLE', requestId) };
    }
    const status = statusCodeOf(error);
    if (status >= 400 && status < 500)
        return {
            status,
            body: refusalReply('MKT_HTTP__REQUEST_REJECTED', 'the request is not acceptable to this interface'),
        };
    return { status: 500, body: hiddenReply('MKT_HTTP__INTERNAL', requestId) };
}

/** Whole seconds after which a refused request may succeed: `retryAfterSecs` in the error's context (RFC 9110 10.2.3). */
export function retryAfterSecsOf(error: unknown): number | undefined {
    if (!isMarketplaceError(error)) return undefined;
    const { retryAfterSecs } = error.context as { retryAfterSecs?: unknown };
    return typeof retryAfterSecs === 'number' && retryAfterSecs > 0 ? Math.ceil(retryAfterSecs) : undefined;
}

export function refusalReply(code: string, message: string): ErrorBody {
    return { code, message };
}

function hiddenReply(code: string, requestId: string): ErrorBody {
    return { code, message: 'the request failed on this side; its log tells why', details: { requestId } };
}

function statusCodeOf(error: unknown): number {
    const carries = typeof error === 'object' && error !== null && 'statusCode' in error;
    return carries && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
