import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { CORS_HEADERS } from './cors.js';
import { RequestProblem } from './problem.js';

/** Token, two signatures and a timestamp in base64 are under 600 bytes; ten times that is generous. */
const MAX_BODY_BYTES = 8 * 1024;

export function sendJson(
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
): void {
    const text = JSON.stringify(body);
    response.writeHead(status, {
        ...CORS_HEADERS,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...headers,
    });
    response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Our words for a refusal; for anything unexpected a 500 that tells nothing of the inside. */
export function problemOf(error: unknown): RequestProblem {
    if (error instanceof RequestProblem) return error;
    return new RequestProblem(
        500,
        'MKT_NODE__INTERNAL',
        'The node failed to answer; its operator finds the cause in the log.',
    );
}

export function sendProblem(response: ServerResponse, problem: RequestProblem): void {
    if (response.headersSent) {
        response.destroy();
        return;
    }
    // A body that we refused to read would be taken for the next request on this connection.
    const headers: Record<string, string> = response.req.complete ? {} : { connection: 'close' };
    const location = problem.details?.location;
    if (isRedirect(problem.status) && typeof location === 'string') headers.location = location;
    sendJson(response, problem.status, problem.toBody(), headers);
}

/** @throws RequestProblem 413, 415 or 400 naming what is wrong with the body */
export async function readJson<T>(
    request: IncomingMessage,
    schema: z.ZodType<T>,
    mediaType = 'application/json',
): Promise<T> {
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type !== mediaType) {
        throw new RequestProblem(415, 'MKT_NODE__BODY_TYPE', `Send the body as content-type ${mediaType}.`);
    }
    const text = await readText(request);
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new RequestProblem(400, 'MKT_NODE__BODY_MALFORMED', 'The body is not JSON.');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new RequestProblem(400, 'MKT_NODE__BODY_INVALID', `Field "${field}": ${issue?.message ?? 'invalid'}.`, {
        field,
    });
}

async function readText(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let received = 0;
    try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
            received += chunk.length;
            if (received > MAX_BODY_BYTES) {
                throw new RequestProblem(
                    413,
                    'MKT_NODE__BODY_TOO_LARGE',
                    `The body is larger than ${MAX_BODY_BYTES} bytes.`,
                );
            }
            chunks.push(chunk);
        }
    } catch (error) {
        if (error instanceof RequestProblem) throw error;
        throw new RequestProblem(400, 'MKT_NODE__BODY_MALFORMED', 'The body ended early.');
    }
    return Buffer.concat(chunks).toString('utf8');
}

/** HEAD is asked where GET is. @throws RequestProblem 405 */
export function requireMethod(request: IncomingMessage, method: 'GET' | 'POST'): void {
    if (request.method === method || (method === 'GET' && request.method === 'HEAD')) return;
    throw new RequestProblem(405, 'MKT_NODE__METHOD_NOT_ALLOWED', `Use ${method} here.`, { allow: method });
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;
