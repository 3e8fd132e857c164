import { type ErrorCode, type ErrorContext, MarketplaceError } from '../core/error.js';

/** `MKT_BROWSER__<WHAT>`; the message names the input and the remedy. */
export function failure(
    code: ErrorCode,
    message: string,
    context: ErrorContext = {},
    cause?: unknown,
): MarketplaceError {
    return new MarketplaceError(code, context, { message, ...(cause === undefined ? {} : { cause }) });
}
