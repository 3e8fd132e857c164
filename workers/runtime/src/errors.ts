export { failure } from '@ocm/sdk/core';

/** The stable code of any thrown value; foreign errors keep the code that Node or a library gave them. */
export function errorCodeOf(error: unknown): string {
    if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
        return error.code;
    return error instanceof Error ? error.name : 'UNKNOWN';
}

export function errorMessageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** True for the error that an aborted signal causes, which is a stop and no failure. */
export function isAbort(error: unknown, signal?: AbortSignal): boolean {
    if (signal?.aborted && error === signal.reason) return true;
    return error instanceof Error && error.name === 'AbortError' && (signal === undefined || signal.aborted);
}
