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
 * | `GET EVIDENCE_PATH/:contract/:epoch?after=&limit=` | the operator's committer, bearer secret | `evidencePage`: what a commitment is built from, without records; 410 once the epoch was erased |
 * | `GET EVIDENCE_PATH/:contract/:epoch/:session?from=&limit=` | the same | `recordPage`: records of one session, proved by its `log_root`; 410 once the epoch was erased |
 * | explanations in full, decisions, households' tokens | anyone; the operator; BEACONs | see `routing.ts`, `devices.ts` |
 * | log files, their feed, disclosures | the operator; the content provider for its contract | see `logs.ts` |
 */
export const STATUS_PATH = '/.well-known/ocm/status';
export const ROUTE_PATH = '/.well-known/ocm/route';
export const SESSIONS_PATH = '/.well-known/ocm/sessions';
export const RECEIPTS_PATH = '/.well-known/ocm/receipts';
/** `?nonce=<32 hex digits>`: a node's signed statement of how it is. */
export const HEALTH_PATH = '/.well-known/ocm/health';
/** CAST: changes of its peers' states, signed by it; `?peer=` for one. */
export const OBSERVATIONS_PATH = '/.well-known/ocm/observations';
/** CAST, operator only: GET lists, POST `{ node, untilMs }` takes a peer out of service. */
export const MAINTENANCE_PATH = '/.well-known/ocm/operator/maintenance';
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
    /** Whether viewers may be sent there now; absent: yes. */
    availability: z.object({ acceptsViewers: z.boolean(), reason: z.string().max(64).nullable() }).optional(),
    /** What the node knows of the cluster's clock, by which it judges tokens and epochs. */
    clusterClock: z
        .object({
            /** The cluster's clock minus the node's. */
            offsetMs: z.number().int(),
            /** The node's clock at the last reading; null before the first. */
            readAtMs: z.number().int().nullable(),
            /** False: further apart than the node follows. */
            isTrusted: z.boolean(),
        })
        .optional(),
    /** Of a CAST. */
    routing: routingStatus.optional(),
    /** Of the TLS certificate that ends first; absent without TLS. */
    certificateDaysLeft: z.number().int().optional(),
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

/** What an operator has to show for one session: the issuer's and the client's signatures, and the leaf made of them. */
export const signedSession = z.object({
    token: base64Of(TOKEN_BYTES),
    tokenSignature: base64Of(SIGNATURE_BYTES),
    receipt: base64Of(RECEIPT_BYTES),
    receiptSignature: base64Of(SIGNATURE_BYTES),
    leaf: base64Of(LEAF_BYTES),
});
export type SignedSessionEvidence = z.infer<typeof signedSession>;
/** One session of one epoch as its node evidences it. Its records are asked for one session at a time. */
export const sessionEvidence = signedSession.extend({ recordCount: z.number().int().nonnegative() });
export type SessionEvidence = z.infer<typeof sessionEvidence>;

/** What a node says of an epoch as a whole. */
export const epochHead = z.object({
    node: address,
    contract: address,
    epoch: z.number().int().nonnegative(),
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
export type EpochHead = z.infer<typeof epochHead>;
export const epochEvidence = epochHead.extend({ sessions: z.array(sessionEvidence) });
export type EpochEvidence = z.infer<typeof epochEvidence>;

export const DEFAULT_SESSIONS_PER_PAGE = 500;
/** A session is under 1 KB of JSON, so that a page is under 2 MB. */
export const MAX_SESSIONS_PER_PAGE = 2_000;
/** Sessions with a receipt, ascending by token hash; the head is the same on every page. */
export const evidencePage = epochEvidence.extend({
    sessions: z.array(sessionEvidence).max(MAX_SESSIONS_PER_PAGE),
    /** Token hash of the page's last session, to be asked for as `after`; null at the end. */
    next: hash32.nullable(),
});
export type EvidencePage = z.infer<typeof evidencePage>;

export const DEFAULT_RECORDS_PER_PAGE = 500;
export const MAX_RECORDS_PER_PAGE = 2_000;
/** A page ends with the record that passes this many characters of JSON. A record has at most 1.2 MB, mostly some 1 KB. */
export const RECORD_PAGE_CHARACTERS = 1 << 20;
/** One line of an RFC 7937 file, field by field with the salts that hide them in their commitments (security.md 3.3). */
export const saltedRecord = z.object({
    /** Number of the record within its node's epoch. */
    seq: z.number().int().nonnegative(),
    fields: z
        .array(
            z.object({
                name: z.string().max(100),
                value: z.string().max(65_536),
                salt: z.string().regex(/^[0-9a-f]{32}$/),
            }),
        )
        .max(128),
});
export type SaltedRecord = z.infer<typeof saltedRecord>;
/** Records of one session in time order. `log_root` of the leaf is the RFC 9162 tree head of all of them. */
export const recordPage = z.object({
    node: address,
    contract: address,
    epoch: z.number().int().nonnegative(),
    session: hash32,
    leaf: base64Of(LEAF_BYTES),
    recordCount: z.number().int().nonnegative(),
    /** Index of the first record. */
    from: z.number().int().nonnegative(),
    records: z.array(saltedRecord).max(MAX_RECORDS_PER_PAGE),
    /** `computeRangePath` of the records; of a single one its inclusion proof. */
    path: z.array(hash32).max(106),
    /** Index to be asked for as `from`; null at the end. */
    next: z.number().int().positive().nullable(),
});
export type RecordPage = z.infer<typeof recordPage>;
