import { type NextRequest, NextResponse } from 'next/server';
import { readRuntimeConfig, toPublicConfig } from './lib/config';
import {
    buildContentSecurityPolicy,
    SECURITY_HEADERS,
    WORKER_PATH,
    WORKER_POLICY,
} from './lib/content-security-policy';
import { recallNodeOrigins } from './lib/node-origins';

function listConnectUrls(): string[] {
    try {
        const config = toPublicConfig(readRuntimeConfig(process.env));
        const { rpcUrl, wsUrl, castUrl, providerUrl, committerUrl, originUrl } = config;
        const urls = [rpcUrl, wsUrl, castUrl, providerUrl, committerUrl, originUrl];
        return [...urls.filter((url) => url !== null), ...recallNodeOrigins()];
    } catch {
        // A wrong configuration is reported by the page itself, in words.
        return [];
    }
}

/** Every answer gets the headers; pages get a policy with a nonce of their own. */
export function proxy(request: NextRequest) {
    const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const policy = buildContentSecurityPolicy({
        nonce,
        connect: listConnectUrls(),
        development: process.env.NODE_ENV === 'development',
    });
    const headers = new Headers(request.headers);
    headers.set('x-nonce', nonce);
    headers.set('content-security-policy', policy);
    const response = NextResponse.next({ request: { headers } });
    const ownPolicy = request.nextUrl.pathname === WORKER_PATH ? WORKER_POLICY : policy;
    response.headers.set('content-security-policy', ownPolicy);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
    return response;
}
