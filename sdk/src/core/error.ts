import { CORE_ERROR_MESSAGES } from './error-messages.js';

/** `MKT_<LAYER>__<WHAT>`, listed in docs/errors.md. */
export type ErrorCode = `MKT_${string}__${string}`;
export type ErrorContext = Readonly<Record<string, unknown>>;

const MAX_VALUE_LENGTH = 200;

/**
 * The one error class of the project. The message names the input and the remedy: for codes of this package it comes
 * from a table, others pass `options.message`. The context is appended to it, so it must hold no secrets.
 *
 * @example throw new MarketplaceError('MKT_RUNTIME__PORT_BUSY', { port }, { message: 'The port is taken; choose another `listen.port`.' });
 */
export class MarketplaceError extends Error {
    readonly code: ErrorCode;
    readonly context: ErrorContext;

    constructor(code: ErrorCode, context: ErrorContext = {}, options: { cause?: unknown; message?: string } = {}) {
        const text = options.message ?? CORE_ERROR_MESSAGES[code] ?? code;
        super(text + describeContext(context), 'cause' in options ? { cause: options.cause } : undefined);
        this.name = 'MarketplaceError';
        this.code = code;
        this.context = context;
    }
}

/** Guard by name and code, so that it also holds across two copies of this package. */
export function isMarketplaceError(error: unknown, code?: ErrorCode): error is MarketplaceError {
    if (!(error instanceof Error) || error.name !== 'MarketplaceError' || !('code' in error)) return false;
    return code === undefined ? typeof error.code === 'string' : error.code === code;
}

function describeContext(context: ErrorContext): string {
    const parts = Object.entries(context).map(([name, value]) => `${name}=${describeValue(value)}`);
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Bounded and never throwing: the context often holds what a stranger sent. */
function describeValue(value: unknown): string {
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_VALUE_LENGTH));
    if (typeof value !== 'object' || value === null) return String(value);
    try {
        const json = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
        return (json ?? 'unknown').slice(0, MAX_VALUE_LENGTH);
    } catch {
        return 'unprintable';
    }
}
