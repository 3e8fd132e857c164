import type { MarketplaceError } from '@ocm/sdk/core';
import { Connection } from '@solana/web3.js';
import { errorMessageOf, failure } from './errors.js';

/** An RPC node that takes longer than this is as good as down; web3.js itself would wait for ever. */
const RPC_TIMEOUT_MS = 15_000;

/** The URL without query and credentials, where providers put API keys. */
export function redactUrl(url: string): string {
    try {
        const { protocol, host, pathname } = new URL(url);
        return `${protocol}//${host}${pathname}`;
    } catch {
        return 'an invalid URL';
    }
}

/** @throws MKT_RUNTIME__RPC_URL_INVALID */
export function openConnection({ rpcUrl, wsUrl }: { rpcUrl: string; wsUrl?: string }): Connection {
    for (const [field, url, schemes] of [
        ['rpcUrl', rpcUrl, ['http:', 'https:']],
        ['wsUrl', wsUrl, ['ws:', 'wss:']],
    ] as const)
        if (url !== undefined && !schemes.some((scheme) => url.startsWith(`${scheme}//`)))
            throw failure('MKT_RUNTIME__RPC_URL_INVALID', `${field} must start with ${schemes.join('// or ')}//`, {
                field,
            });
    const failures: Failures = { last: null };
    const connection = new Connection(rpcUrl, {
        commitment: 'confirmed',
        fetch: boundedFetch(rpcUrl, failures),
        ...(wsUrl === undefined ? {} : { wsEndpoint: wsUrl }),
    });
    return unwrapFailures(connection, failures);
}

type Failures = { last: MarketplaceError | null };

/** web3.js turns the error of a request into text ("failed to get info about account …: Error: …"): gives it back whole. */
function unwrapFailures(connection: Connection, failures: Failures): Connection {
    return new Proxy(connection, {
        get(target, name) {
            const member: unknown = Reflect.get(target, name, target);
            if (typeof member !== 'function') return member;
            return (...input: unknown[]): unknown => {
                const result: unknown = Reflect.apply(member, target, input);
                if (!(result instanceof Promise)) return result;
                return result.catch((error: unknown) => {
                    const { last } = failures;
                    throw last !== null && error !== last && errorMessageOf(error).includes(last.message)
                        ? last
                        : error;
                });
            };
        },
    });
}

function boundedFetch(rpcUrl: string, failures: Failures): typeof globalThis.fetch {
    const shown = redactUrl(rpcUrl);
    const unreachable = (reason: string, cause?: unknown) => {
        const message = `the cluster's RPC at ${shown} is not usable (${reason}); start it, or correct rpcUrl`;
        failures.last = failure('MKT_RUNTIME__RPC_UNREACHABLE', message, {}, cause);
        return failures.last;
    };
    return async (input, init) => {
        let response: Response;
        try {
            response = await fetch(input, { ...init, signal: AbortSignal.timeout(RPC_TIMEOUT_MS) });
        } catch (error) {
            const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
            throw unreachable(errorMessageOf(cause), error);
        }
        if (response.status >= 500 || response.status === 401 || response.status === 403)
            throw unreachable(`status ${response.status}`);
        return response;
    };
}
