import { z } from 'zod';
import {
    address,
    base64Of,
    hash32,
    LEAF_BYTES,
    RECEIPT_BYTES,
    SIGNATURE_BYTES,
    TOKEN_BYTES,
    u64String,
} from './primitives.js';
import { routingStatus } from './routing-status.js';

/**
 * HTTP interface of a node (CAST, RELAY, BEACON).
 *
 * | path | who | what |
 * | --- | --- | --- |
 * | `GET /<media path>` | viewer | CAST router: 302 to the node that covers the viewer's address, or to the origin ("traditional delivery"); RELAY and CAST cache: the object |
 * | `GET ROUTE_PATH?address=&path=` | anyone | how the router decides, explained; without `address` for the address that asks |
 * | `GET STATUS_PATH` | anyone | who this node is and what it has served |
 * | `POST SESSIONS_PATH` | viewer | opens a session with a token (protocol 6.4) and a proof of possession |
 * | `POST RECEIPTS_PATH` | viewer | a cumulative receipt (protocol 6.4) |
 * | `GET EVIDENCE_PATH/:contract/:epoch` | the operator's committer, bearer secret | everything that a commitment is built from |
 * | explanations in full, decisions, households' tokens | anyone; the operator; BEACONs | see `routing.ts`, `devices.ts` |
 * | log files, their feed, disclosures | the operator; the content provider for its contract | see `logs.ts` |
 */
export const STATUS_PATH = '/.well-known/ocm/status';
export const ROUTE_PATH = '/.well-known/ocm/route';
export const SESSIONS_PATH = '/.well-known/ocm/sessions';
export const RECEIPTS_PATH = '/.well-known/ocm/receipts';
export const EVIDENCE_PATH = '/.well-known/ocm/operator/epochs';

/** Response header naming the node (base58 address of its account) that a redirect leads to, or that served the object. */
export const NODE_HEADER = 'ocm-node';
/** Request header carrying the hex SHA-256 of the session's token; absent = a viewer without keys. */
export const SESSION_HEADER = 'ocm-session';
/** Response header: `hit`, `miss`, `collapsed` or `bypass`. */
export const CACHE_HEADER = 'ocm-cache';

export const nodeRole = z.enum(['cast', 'relay', 'beacon']);
export type NodeRoleName = z.infer<typeof nodeRole>;

export const nodeStatus = z.object({
    node: address,
    role: nodeRole,
    /** Declared by the operator, not proved. */
    location: z
        .object({ label: z.string(), latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
        .optional(),
    startedAtMs: z.number().int(),
    requests: z.number().int(),
    /** Entity bytes sent to viewers, receipted and not, since the node's first start. */
    servedBytes: u64String,
    /** Highest receipted bytes summed over sessions. */
    receiptedBytes: u64String,
    cache: z.object({
        hits: z.number().int(),
        misses: z.number().int(),
        collapsed: z.number().int(),
        objects: z.number().int(),
        bytes: z.number().int(),
    }),
    /** Objects fetched from the parent (RELAY: its CAST; CAST: the origin). */
    parentFetches: z.number().int(),
    openSessions: z.number().int(),
    /** Of a CAST. */
    routing: routingStatus.optional(),
});
export type NodeStatus = z.infer<typeof nodeStatus>;

export const routeExplanation = z.object({
    address: z.string(),
    path: z.string(),
    decision: z.enum(['beacon', 'relay', 'traditional']),
    node: address.nullable(),
    location: z.string(),
    candidates: z.array(
        z.object({
            node: address,
            role: nodeRole,
            footprint: z.string(),
            prefixLength: z.number().int(),
            healthy: z.boolean(),
            chosen: z.boolean(),
            reason: z.string(),
        }),
    ),
});
export type RouteExplanation = z.infer<typeof routeExplanation>;

export const openSessionRequest = z.object({
    token: base64Of(TOKEN_BYTES),
    /** Ed25519 by the contract's issuer over the token. */
    tokenSignature: base64Of(SIGNATURE_BYTES),
    /** Ed25519 by the client key over `encodeSessionProof({ tokenHash, node, timestampMs })`. */
    proof: base64Of(SIGNATURE_BYTES),
    timestampMs: z.number().int().positive(),
});
export type OpenSessionRequest = z.infer<typeof openSessionRequest>;
export const openSessionResponse = z.object({
    session: hash32,
    creditBytes: u64String,
    /** The highest receipt the node holds for this token, so that a restarted client can go on. */
    receipt: base64Of(RECEIPT_BYTES).nullable(),
    /**
     * The client's own signature of that receipt. Without it a client must not take over bytes from the receipt:
     * a node could make it sign for bytes that it never received.
     */
    receiptSignature: base64Of(SIGNATURE_BYTES).nullish(),
});
export type OpenSessionResponse = z.infer<typeof openSessionResponse>;

export const signedReceipt = z.object({
    receipt: base64Of(RECEIPT_BYTES),
    receiptSignature: base64Of(SIGNATURE_BYTES),
});
export type SignedReceipt = z.infer<typeof signedReceipt>;
export const receiptResponse = z.object({ seq: z.number().int(), bytes: u64String });
export type ReceiptResponse = z.infer<typeof receiptResponse>;

/** One session of one epoch as its node evidences it. `records` are the lines of its RFC 7937 records, in time order. */
export const sessionEvidence = z.object({
    token: base64Of(TOKEN_BYTES),
    tokenSignature: base64Of(SIGNATURE_BYTES),
    receipt: base64Of(RECEIPT_BYTES),
    receiptSignature: base64Of(SIGNATURE_BYTES),
    leaf: base64Of(LEAF_BYTES),
    /** Record commitments in order (security.md 3.3); `log_root` of the leaf is their RFC 9162 tree head. */
    records: z.array(
        z.object({
            seq: z.number().int(),
            fields: z.array(
                z.object({ name: z.string(), value: z.string(), salt: z.string().regex(/^[0-9a-f]{32}$/) }),
            ),
        }),
    ),
});
export type SessionEvidence = z.infer<typeof sessionEvidence>;
export const epochEvidence = z.object({
    node: address,
    contract: address,
    epoch: z.number().int().nonnegative(),
    sessions: z.array(sessionEvidence),
    /** Bytes served without a key: payable only on co-signature (kind 1). */
    unreceiptedBytes: u64String,
    sla: z.object({
        availabilityPpm: z.number().int(),
        errorPpm: z.number().int(),
        ttfbP95Ms: z.number().int(),
        stallPpm: z.number().int(),
        sessions: z.number().int(),
    }),
});
export type EpochEvidence = z.infer<typeof epochEvidence>;
