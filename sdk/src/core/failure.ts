import { type ErrorCode, type ErrorContext, MarketplaceError } from './error.js';

/** An error whose message is its own: it names the input and the remedy. */
export function failure(
    code: ErrorCode,
    message: string,
    context: ErrorContext = {},
    cause?: unknown,
): MarketplaceError {
    return new MarketplaceError(code, context, { message, ...(cause === undefined ? {} : { cause }) });
}
