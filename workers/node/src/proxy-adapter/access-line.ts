import { z } from 'zod';

/** Longest line that is read; targets are 2 KiB at most, and JSON may spell a character in six. */
export const MAX_LINE_BYTES = 16 * 1024;

/** The `log_format` of the generated config and this schema are one thing: there is no address in it. */
export const ACCESS_LOG_FORMAT =
    '{"at":"$msec","took":"$request_time","method":"$request_method","path":"$ocm_path","protocol":"$server_protocol",' +
    '"status":"$status","total":"$bytes_sent","entity":"$body_bytes_sent","cache":"$upstream_cache_status","session":"$ocm_session"}';

const digits = z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .transform(Number);
/** Seconds with milliseconds, as nginx prints both. */
const seconds = z
    .string()
    .regex(/^[0-9]{1,12}\.[0-9]{3}$/)
    .transform((text) => Math.round(Number(text) * 1000));

const accessLine = z.strictObject({
    at: seconds,
    took: seconds,
    method: z.enum(['GET', 'HEAD']),
    path: z.string().max(2_048).startsWith('/'),
    protocol: z.string().regex(/^HTTP\/[0-9]\.[0-9]$/),
    status: digits.refine((status) => status >= 100 && status <= 599),
    total: digits,
    entity: digits,
    cache: z.string().max(16),
    session: z.string().regex(/^([0-9a-f]{64})?$/),
});
export interface Delivered {
    endedAtMs: number;
    takenMs: number;
    method: string;
    path: string;
    protocol: string;
    status: number;
    totalBytes: number;
    entityBytes: number;
    isCached: boolean;
    /** Hex hash of the token; null for a viewer without keys. */
    session: string | null;
}

/** Null for what is no line of ours. */
export function parseAccessLine(text: string): Delivered | null {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        return null;
    }
    const parsed = accessLine.safeParse(value);
    if (!parsed.success) return null;
    const { at, took, method, path, protocol, status, total, entity, cache, session } = parsed.data;
    return {
        endedAtMs: at,
        takenMs: took,
        method,
        path,
        protocol,
        status,
        totalBytes: total,
        entityBytes: entity,
        isCached: cache === 'HIT',
        session: session === '' ? null : session,
    };
}
