export interface PolicyInput {
    readonly nonce: string;
    /** URLs whose origins the page may ask: chain, router, nodes, provider, committer. */
    readonly connect: readonly string[];
    readonly development: boolean;
}

/** Origins only: a path or a key in a configured URL has no business in a header. Invalid URLs are left out. */
export function toOrigins(urls: readonly string[]): string[] {
    const origins = urls.flatMap((url) => {
        try {
            const { protocol, host } = new URL(url);
            return host ? [`${protocol}//${host}`] : [];
        } catch {
            return [];
        }
    });
    return [...new Set(origins)];
}

export function buildContentSecurityPolicy({ nonce, connect, development }: PolicyInput): string {
    const directives: [string, string[]][] = [
        ['default-src', ["'none'"]],
        // React's development build evaluates strings to rebuild server stacks; production never does.
        ['script-src', ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])]],
        ['style-src', ["'self'", ...(development ? ["'unsafe-inline'"] : [`'nonce-${nonce}'`])]],
        ['img-src', ["'self'", 'data:']],
        ['font-src', ["'self'"]],
        ['connect-src', ["'self'", ...toOrigins(connect)]],
        // hls.js plays from a MediaSource (blob:) and demuxes in a worker made from a blob.
        ['media-src', ["'self'", 'blob:']],
        ['worker-src', ["'self'", 'blob:']],
        ['manifest-src', ["'self'"]],
        ['object-src', ["'none'"]],
        ['base-uri', ["'none'"]],
        ['form-action', ["'self'"]],
        ['frame-ancestors', ["'none'"]],
    ];
    return directives.map(([name, sources]) => `${name} ${sources.join(' ')}`).join('; ');
}

/** Where this site serves the SDK's service worker: above all pages. */
export const WORKER_PATH = '/receipts-worker.js';

/**
 * Of the service worker, which keeps the policy that it was installed with: it asks the node that the router names, and
 * that may have joined since.
 */
export const WORKER_POLICY = "default-src 'none'; connect-src http: https:";

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};
