import type { ServerResponse } from 'node:http';

/** Hands 1xx responses on as they come (RFC 9110 15.2): Node sends 102 and 103, and no 103 without a well-formed Link. */
export function forwardInterim(response: ServerResponse): (status: number, headers: Record<string, string>) => void {
    return (status, headers) => {
        if (response.headersSent || response.destroyed) return;
        if (status === 102) response.writeProcessing();
        if (status !== 103 || headers.link === undefined) return;
        try {
            response.writeEarlyHints({ ...headers, link: headers.link });
        } catch {
            // A hint that Node refuses is dropped: the answer itself does not depend on it.
        }
    };
}
