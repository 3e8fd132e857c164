import { type ErrorCode, MarketplaceError } from '@ocm/sdk/core';
import type { ErrorBody } from '@ocm/sdk/http';

/** A refusal that a peer caused and may read. Everything else becomes a 500 without internals. */
export class RequestProblem extends MarketplaceError {
    readonly status: number;
    readonly publicMessage: string;
    readonly details: Record<string, unknown> | undefined;

    /**
     * @param status HTTP status code of the answer
     * @param code `MKT_NODE__<WHAT>`, listed in docs/errors.md
     * @param message names the input and the remedy; never a path of this machine
     * @param details variables that the peer may read
     */
    constructor(status: number, code: ErrorCode, message: string, details?: Record<string, unknown>) {
        super(code, details, { message });
        this.status = status;
        this.publicMessage = message;
        this.details = details;
    }

    toBody(): ErrorBody {
        return this.details === undefined
            ? { code: this.code, message: this.publicMessage }
            : { code: this.code, message: this.publicMessage, details: this.details };
    }
}

export const isRequestProblem = (error: unknown): error is RequestProblem => error instanceof RequestProblem;
