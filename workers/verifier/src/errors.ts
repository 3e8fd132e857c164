/** An error with a stable code whose message names the input and the remedy. */
export class VerifierError extends Error {
    readonly code: string;

    constructor(code: string, message: string, cause?: unknown) {
        super(message, cause === undefined ? undefined : { cause });
        this.name = 'VerifierError';
        this.code = code;
    }
}

export function failure(code: string, message: string, cause?: unknown): VerifierError {
    return new VerifierError(code, message, cause);
}

export function errorMessageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

export function errorCodeOf(error: unknown): string | undefined {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
