import { z } from 'zod';

/**
 * Purging and prepositioning of one node's cache (after RFC 8007), all with the operator's bearer secret. A node tells
 * neither its parent nor its children: whoever purges a tree asks each node of it, parents first.
 *
 * | request | |
 * |---|---|
 * | `POST PURGE_PATH` | `purgeRequest`: 202 with a `cacheJob`; once it is `done`, nothing stored before it was accepted is used |
 * | `POST PREPOSITION_PATH` | `prepositionRequest`: 202 with a `cacheJob` |
 * | `GET CACHE_JOBS_PATH`, `GET CACHE_JOBS_PATH/:id` | the jobs, newest first; one of them |
 * | `DELETE CACHE_JOBS_PATH/:id` | ends a preposition; a purge that was accepted stays in force |
 */
export const PURGE_PATH = '/.well-known/ocm/purge';
export const PREPOSITION_PATH = '/.well-known/ocm/preposition';
export const CACHE_JOBS_PATH = '/.well-known/ocm/cache-jobs';
/** CAST, operator only: who holds which replicated content. */
export const REPLICATION_PATH = '/.well-known/ocm/operator/replication';

const url = z.string().min(1).max(2_048);
const urls = z.array(url).max(100).default([]);
/** Name of a set of URLs in the node's config, or a tag that responses carry in `Cache-Tag` or `Surrogate-Key`. */
const collections = z
    .array(z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible characters'))
    .max(32)
    .default([]);

/** `*` is any text, `?` one character, `$` in front of `*`, `?` and `$` takes their meaning away. */
export const urlPattern = z.strictObject({
    pattern: z.string().min(1).max(256),
    caseSensitive: z.boolean().default(false),
    /** Otherwise the pattern is compared with the path alone, and all queries of it match. */
    matchQueryString: z.boolean().default(false),
});

export const purgeRequest = z
    .strictObject({
        urls,
        patterns: z.array(urlPattern).max(32).default([]),
        collections,
        /** `delete`: what matches is gone; `invalidate`: it is stale, and used again if the parent confirms it. */
        method: z.enum(['delete', 'invalidate']).default('delete'),
    })
    .refine(
        (input) => input.urls.length + input.patterns.length + input.collections.length > 0,
        'names nothing to purge',
    );
export type PurgeRequest = z.infer<typeof purgeRequest>;

export const prepositionRequest = z
    .strictObject({ urls, collections })
    .refine((input) => input.urls.length + input.collections.length > 0, 'names nothing to fetch');
export type PrepositionRequest = z.infer<typeof prepositionRequest>;

export const cacheJob = z.object({
    id: z.string(),
    type: z.enum(['purge', 'preposition']),
    state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']),
    acceptedAtMs: z.number(),
    endedAtMs: z.number().nullable(),
    /** Objects purged, or URLs fetched. */
    done: z.number().int().nonnegative(),
    /** URLs to fetch; null for a purge. */
    total: z.number().int().nonnegative().nullable(),
    /** The first twenty. */
    errors: z.array(z.object({ subject: z.string(), code: z.string() })).max(20),
});
export type CacheJob = z.infer<typeof cacheJob>;

/** What a CAST knows of the content that it keeps in its regions. */
export const replicationStatus = z.object({
    rules: z.array(
        z.object({
            rule: z.string(),
            region: z.object({ kind: z.string(), value: z.string() }),
            /** Copies that no node of the region can hold. */
            missing: z.number().int().nonnegative(),
            copies: z.array(
                z.object({
                    node: z.string(),
                    /** `failed`: some of it could not be fetched; `unreachable`: the node took no order. Both are tried again. */
                    state: z.enum(['ordered', 'running', 'done', 'failed', 'unreachable']),
                    changedAtMs: z.number(),
                }),
            ),
        }),
    ),
});
export type ReplicationStatus = z.infer<typeof replicationStatus>;
