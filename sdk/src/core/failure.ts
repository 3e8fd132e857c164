import { type ErrorCode, type ErrorContext, MarketplaceError } from './error.js';

/** Builds an error whose message names the input and the remedy. The context is appended to it: no secrets in it. */
export function failure(
    code: ErrorCode,
    message: string,
    context: ErrorContext = {},
    cause?: unknown,
): MarketplaceError {
    return new MarketplaceError(code, context, { message, ...(cause === undefined ? {} : { cause }) });
}
