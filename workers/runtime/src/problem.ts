import { STATUS_CODES } from 'node:http';
import { type ErrorBody, errorBody } from '@ocm/sdk/http';
import { z } from 'zod';

/** An error body as RFC 9457 has it; `code` and `message` stand in it too, so that clients of either form read it. */
export const problemBody = errorBody.extend({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
});
export type ProblemBody = z.infer<typeof problemBody>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function toProblem(status: number, body: ErrorBody): ProblemBody {
    // No page stands behind our codes: "about:blank" says that the title is that of the status (RFC 9457 4.2.1).
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: body.message, ...body };
}
