import { z } from 'zod';
import { failure } from '../core/failure.js';

const httpUrl = z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .max(2048)
    .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment');

export const receiptConfig = z
    .object({
        /** The content provider's worker, which issues tokens and keeps receipt copies. */
        providerUrl: httpUrl,
        /** The CAST router. */
        routerUrl: httpUrl,
        /** Requests below this URL are media, for example `https://media.example/films/`. */
        mediaUrl: httpUrl.refine((text) => text.endsWith('/'), 'must end with a slash'),
        /** What the router's path `/` stands for: the base of traditional delivery. By default the origin of `mediaUrl`. */
        contentUrl: httpUrl.optional(),
    })
    .transform(({ contentUrl, ...rest }, context) => {
        const content = withSlash(contentUrl ?? new URL(rest.mediaUrl).origin);
        const mediaUrl = new URL(rest.mediaUrl).href;
        if (!mediaUrl.startsWith(content))
            context.addIssue({ code: 'custom', path: ['contentUrl'], message: 'must be the beginning of mediaUrl' });
        return { ...rest, mediaUrl, contentUrl: content };
    });
/** As a page gives it. */
export type ReceiptConfigInput = z.input<typeof receiptConfig>;
export type ReceiptConfig = z.output<typeof receiptConfig>;

const NAMES = ['providerUrl', 'routerUrl', 'mediaUrl', 'contentUrl'] as const;

/** @throws MKT_BROWSER__CONFIG_INVALID naming the field. */
export function parseReceiptConfig(input: unknown): ReceiptConfig {
    const result = receiptConfig.safeParse(input);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw failure(
        'MKT_BROWSER__CONFIG_INVALID',
        `${issue?.path.join('.') || 'the configuration'} ${issue?.message}; pass another to registerReceipts()`,
    );
}

/** The worker's script URL carries its configuration: a worker that starts in the middle of a fetch has it at once. */
export function toScriptUrl(workerUrl: string, baseUrl: string, config: ReceiptConfig): string {
    const url = new URL(workerUrl, baseUrl);
    for (const name of NAMES) url.searchParams.set(name, config[name]);
    return url.href;
}

export function readScriptUrl(scriptUrl: string): ReceiptConfig {
    const query = new URL(scriptUrl).searchParams;
    return parseReceiptConfig(
        Object.fromEntries(NAMES.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : []))),
    );
}

export type RequestFacts = { method: string; url: string; mode: string; hasAuthorization: boolean };

/**
 * The path and query of a media request as the nodes know it; null for everything that passes untouched. What carries
 * credentials of its own is no business of a shared cache.
 */
export function findMediaPath(config: ReceiptConfig, request: RequestFacts): string | null {
    const { method, url, mode, hasAuthorization } = request;
    if ((method !== 'GET' && method !== 'HEAD') || mode === 'navigate' || hasAuthorization) return null;
    const bare = url.split('#', 1)[0] ?? '';
    return bare.startsWith(config.mediaUrl) ? bare.slice(config.contentUrl.length - 1) : null;
}

function withSlash(url: string): string {
    const { href } = new URL(url);
    return href.endsWith('/') ? href : `${href}/`;
}
