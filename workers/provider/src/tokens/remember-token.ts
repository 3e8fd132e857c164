import { errorCodeOf, fetchJson, retry } from '@ocm/runtime';
import { toBase64 } from '@ocm/sdk/core';
import { ISSUED_TOKENS_PATH, issuedTokenResponse } from '@ocm/sdk/http';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 4_096;

/**
 * `remember` of a token issuer outside the worker: tells the worker, which alone co-signs. A token that it does not
 * acknowledge is not handed out.
 *
 * @example createTokenIssuer({ …, remember: rememberAtWorker({ url: 'http://127.0.0.1:8400', secret }) });
 */
export function rememberAtWorker({
    url,
    secret,
}: {
    url: string;
    secret: string;
}): (tokenBytes: Uint8Array, signature: Uint8Array) => Promise<void> {
    const target = `${url.replace(/\/+$/, '')}${ISSUED_TOKENS_PATH}`;
    return async (tokenBytes, signature) => {
        const body = { token: toBase64(tokenBytes), tokenSignature: toBase64(signature) };
        const tell = () =>
            fetchJson({
                url: target,
                body,
                headers: { authorization: `Bearer ${secret}` },
                schema: issuedTokenResponse,
                timeoutMs: TIMEOUT_MS,
                maxBytes: MAX_ANSWER_BYTES,
            });
        // A refusal stays one; told twice is told once.
        const shouldRetry = (error: unknown) => errorCodeOf(error) === 'MKT_RUNTIME__PEER_UNREACHABLE';
        await retry(tell, { attempts: 2, baseMs: 100, maxMs: 300, shouldRetry });
    };
}
