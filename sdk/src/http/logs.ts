import { z } from 'zod';
import { address, base64Of, hash32, LEAF_BYTES, u64String } from './primitives.js';

/**
 * HTTP interface of a node to its logs. Bearer: the operator's secret (all contracts), or the token that the operator
 * configured for one contract (`log.readTokens`), which opens that contract's paths only.
 *
 * | path | what |
 * | --- | --- |
 * | `GET LOGS_PATH` | list of log files |
 * | `GET LOGS_PATH/:name` | one RFC 7937 file: ETag, ranges, gzip; 410 once its epoch was erased |
 * | `GET LOG_FEEDS_PATH/:contract?page=` | Atom feed (RFC 4287) of a contract's files, newest first, paged (RFC 5005 3), ETag |
 * | `GET DISCLOSURES_PATH/:contract/:epoch/:session/:recordIndex/:field` | `fieldProof`; 410 once the epoch was erased |
 */
export const LOGS_PATH = '/.well-known/ocm/operator/logs';
export const LOG_FEEDS_PATH = '/.well-known/ocm/operator/log-feeds';
export const DISCLOSURES_PATH = '/.well-known/ocm/operator/disclosures';
/** Media type of RFC 7937 10.4. */
export const LOG_FILE_TYPE = 'application/cdni; ptype=logging-file';
export const LOG_FEED_TYPE = 'application/atom+xml; charset=utf-8';
/** Namespace of the elements that our feed adds to an Atom entry: `epoch`, `records`, `bytes`, `sha256`. */
export const LOG_FEED_NAMESPACE = 'urn:ocm:log-feed:1';

export const logFileList = z.object({
    files: z.array(
        z.object({
            name: z.string(),
            bytes: z.number().int(),
            sha256: hash32,
            contract: address,
            epoch: z.number().int(),
        }),
    ),
});
export type LogFileList = z.infer<typeof logFileList>;

/** One field of one log record, and nothing else of it: `verifyFieldProof` leads it to the root on chain. */
export const fieldProof = z.object({
    node: address,
    contract: address,
    epoch: z.number().int().nonnegative(),
    /** Hash of the session's token: key of its leaf. */
    session: hash32,
    leaf: base64Of(LEAF_BYTES),
    recordIndex: z.number().int().nonnegative(),
    recordCount: z.number().int().positive(),
    auditPath: z.array(hash32).max(53),
    /** Commitments of all fields of the record, in their order. */
    commitments: z.array(hash32).min(1).max(128),
    /** Which of them is opened. */
    position: z.number().int().nonnegative(),
    field: z.object({
        name: z.string().max(100),
        value: z.string().max(65_536),
        salt: z.string().regex(/^[0-9a-f]{32}$/),
    }),
});
export type FieldProof = z.infer<typeof fieldProof>;

/** How a leaf leads to the settlement root: as in `recordProof`, or from `findLeafProof` over a manifest. */
export const leafProof = z.object({
    bucket: z.array(z.object({ key: hash32, leafHash: hash32, bytes: u64String })),
    path: z.array(z.object({ hash: hash32, sum: u64String })),
});
export type LeafProof = z.infer<typeof leafProof>;
