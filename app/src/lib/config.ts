import { address } from '@ocm/sdk/http';
import { z } from 'zod';

/** Environment of the server; read at run time, so that one build serves any cluster. */
export const DEFAULT_RPC_URL = 'http://127.0.0.1:8899';

const httpUrl = z
    .string()
    .url()
    .refine((value) => /^https?:\/\//.test(value), 'must start with http:// or https://');
const socketUrl = z
    .string()
    .url()
    .refine((value) => /^wss?:\/\//.test(value), 'must start with ws:// or wss://');
const labelMap = z.record(z.string().max(44), z.string().max(64));

const environment = z.object({
    RPC_URL: httpUrl.default(DEFAULT_RPC_URL),
    /** What browsers are given; set it when RPC_URL carries a key. */
    PUBLIC_RPC_URL: httpUrl.optional(),
    WS_URL: socketUrl.optional(),
    CAST_URL: httpUrl.optional(),
    PROVIDER_URL: httpUrl.optional(),
    COMMITTER_URL: httpUrl.optional(),
    /** Lists of accounts come from there while it keeps up, from the chain otherwise. */
    INDEXER_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
    /** Where traditional delivery leads when no node covers the viewer; without it the player may not follow there. */
    ORIGIN_URL: httpUrl.optional(),
    STREAM_PATH: z
        .string()
        .regex(/^\/[^\s?#]{0,1023}$/, 'must be an absolute path')
        .optional(),
    CONTRACTS: z
        .string()
        .transform((list) =>
            list
                .split(',')
                .map((entry) => entry.trim())
                .filter(Boolean),
        )
        .pipe(z.array(address).max(64))
        .optional(),
    PAYEE_LABELS: z
        .string()
        .transform((text, context) => {
            try {
                return JSON.parse(text) as unknown;
            } catch {
                context.addIssue({ code: 'custom', message: 'must be a JSON object of address to label' });
                return z.NEVER;
            }
        })
        .pipe(labelMap)
        .optional(),
    POLL_INTERVAL_MS: z.coerce.number().int().min(250).max(600_000).optional(),
});

export interface RuntimeConfig {
    readonly rpcUrl: string;
    readonly publicRpcUrl: string;
    readonly wsUrl: string;
    readonly castUrl: string | null;
    readonly providerUrl: string | null;
    readonly committerUrl: string | null;
    readonly indexerUrl: string | null;
    readonly originUrl: string | null;
    readonly streamPath: string | null;
    /** Empty = all contracts on the chain. */
    readonly contracts: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
    readonly pollIntervalMs: number;
    /** True where the chain runs on this machine: only then may the server ask nodes on private addresses. */
    readonly local: boolean;
}

/** The part of the configuration that browsers may see (`GET /api/config`). */
export interface PublicConfig {
    readonly rpcUrl: string;
    readonly wsUrl: string;
    readonly castUrl: string | null;
    readonly providerUrl: string | null;
    readonly committerUrl: string | null;
    readonly originUrl: string | null;
    readonly streamPath: string | null;
}

const LOCAL_POLL_MS = 1_000;
/** Public RPC endpoints are rate limited and shared. */
const REMOTE_POLL_MS = 10_000;

export function isLoopbackHost(host: string): boolean {
    return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function deriveWsUrl(rpcUrl: string): string {
    const url = new URL(rpcUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    // The convention of Solana's own RPC: pubsub listens one port above an explicit RPC port.
    if (url.port) url.port = String(Number(url.port) + 1);
    return url.toString();
}

/** Reads and checks the environment; the error names each wrong variable. Empty variables count as absent. */
export function readRuntimeConfig(env: Readonly<Record<string, string | undefined>>): RuntimeConfig {
    const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    const parsed = environment.safeParse(present);
    if (!parsed.success) {
        const details = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
        throw new Error(`The page's configuration is wrong. ${details}`);
    }
    const value = parsed.data;
    const publicRpcUrl = value.PUBLIC_RPC_URL ?? value.RPC_URL;
    const local = isLoopbackHost(new URL(value.RPC_URL).hostname);
    return {
        rpcUrl: value.RPC_URL,
        publicRpcUrl,
        wsUrl: value.WS_URL ?? deriveWsUrl(publicRpcUrl),
        castUrl: value.CAST_URL ?? null,
        providerUrl: value.PROVIDER_URL ?? null,
        committerUrl: value.COMMITTER_URL ?? null,
        indexerUrl: value.INDEXER_URL ?? null,
        originUrl: value.ORIGIN_URL ?? null,
        streamPath: value.STREAM_PATH ?? null,
        contracts: value.CONTRACTS ?? [],
        labels: value.PAYEE_LABELS ?? {},
        pollIntervalMs: value.POLL_INTERVAL_MS ?? (local ? LOCAL_POLL_MS : REMOTE_POLL_MS),
        local,
    };
}

export function toPublicConfig(config: RuntimeConfig): PublicConfig {
    const { publicRpcUrl, wsUrl, castUrl, providerUrl, committerUrl, originUrl, streamPath } = config;
    return { rpcUrl: publicRpcUrl, wsUrl, castUrl, providerUrl, committerUrl, originUrl, streamPath };
}
