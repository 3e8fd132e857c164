import { z } from 'zod';
import { address, hash32, u64String } from './primitives.js';

/**
 * `GET CONTRACTS_PATH/:address/report?format=json|csv|pdf&from=&to=&timezone=`, bearer secret of the content provider: what
 * was delivered under a contract in a range of epochs, and what it cost. Same data, same bytes. The answer's headers carry
 * an Ed25519 signature over `domain "OCM/report/v1" (16 bytes) | SHA-256 of the body`.
 */
export const CONTRACTS_PATH = '/v1/contracts';
/** Base64, 64 bytes. */
export const REPORT_SIGNATURE_HEADER = 'ocm-signature';
/** Base58 public key that made the signature. */
export const REPORT_KEY_HEADER = 'ocm-signature-key';

export const reportFormat = z.enum(['json', 'csv', 'pdf']);
export type ReportFormat = z.infer<typeof reportFormat>;

const epochNumber = z
    .string()
    .regex(/^(0|[1-9][0-9]{0,9})$/, 'must be an epoch number')
    .transform(Number);
export const reportQuery = z.strictObject({
    format: reportFormat.default('json'),
    /** First and last epoch; without them from the contract's first to its last that has ended. */
    from: epochNumber.optional(),
    to: epochNumber.optional(),
    /** IANA name; hours of the report are local hours there. */
    timezone: z
        .string()
        .max(64)
        .regex(/^[A-Za-z0-9_+/-]+$/, 'must be an IANA time zone')
        .default('UTC'),
});
export type ReportQuery = z.infer<typeof reportQuery>;

const amount = z.object({ bytes: u64String, sessions: z.int() });
/** Null wherever the figure is not known; never 0 for that. */
const known = <T extends z.ZodType>(schema: T) => schema.nullable();

export const slaFigures = z.object({
    availabilityPpm: known(z.int()),
    errorPpm: known(z.int()),
    ttfbP95Ms: known(z.int()),
    stallPpm: known(z.int()),
});
export type SlaFigures = z.infer<typeof slaFigures>;

export const reportEpoch = z.object({
    epoch: z.int(),
    kind: z.int(),
    commitment: address,
    root: hash32,
    committedBytes: u64String,
    /** Bytes of it that the manifest's sessions add up to; null without a manifest that gives the root on chain. */
    sessionBytes: known(u64String),
    sessions: known(z.int()),
    state: z.string(),
    /** What this content provider decided, and why. */
    verdict: known(z.enum(['cosigned', 'refused', 'waiting'])),
    reason: known(z.string()),
    /** The figures on chain, by which the penalty was computed: the seller's, co-signed, or the auditors' median. */
    settledFigures: slaFigures,
    gross: u64String,
    topUp: known(u64String),
    penaltyBasisPoints: known(z.int()),
    penalty: known(u64String),
    net: known(u64String),
});
export type ReportEpoch = z.infer<typeof reportEpoch>;

export const deliveryReport = z.object({
    version: z.literal(1),
    contract: address,
    contentProvider: address,
    seller: address,
    /** Amounts of money are in base units of this mint. */
    mint: address,
    from: z.int(),
    to: z.int(),
    /** Unix seconds: begin of the first and end of the last epoch. */
    beginsAt: z.int(),
    endsAt: z.int(),
    timezone: z.string(),
    committedBytes: u64String,
    /** Those that sessions with receipts stand behind; the tables below add up to it. */
    sessionBytes: u64String,
    sessions: z.int(),
    byHour: z.array(amount.extend({ hour: z.string() })),
    byGroup: z.array(amount.extend({ group: z.int() })),
    byFootprint: z.array(amount.extend({ footprints: z.array(z.string()) })),
    byNode: z.array(amount.extend({ node: address, footprints: z.array(z.string()) })),
    cache: known(z.object({ cachedBytes: u64String, loggedBytes: u64String, ratioPpm: z.int(), logFiles: z.int() })),
    /** Log files that do not match their hash or are no RFC 7937 files; they are left out of `cache`. */
    unreadableLogs: z.int(),
    quality: z.object({
        copies: z.int(),
        copiedBytes: u64String,
        /** Copies of sessions that no commitment in the range counts. */
        uncommittedCopies: z.int(),
        uncommittedBytes: u64String,
        figures: slaFigures,
        tiers: z.array(
            z.object({
                metric: z.enum(['availability', 'error', 'ttfb', 'stall']),
                threshold: z.int(),
                basisPoints: z.int(),
                measured: known(z.int()),
                isKept: known(z.boolean()),
            }),
        ),
    }),
    epochs: z.array(reportEpoch),
    money: z.object({
        gross: u64String,
        topUp: u64String,
        penalty: u64String,
        net: u64String,
        fee: u64String,
        settledCommitments: z.int(),
        openCommitments: z.int(),
        payees: z.array(z.object({ role: z.enum(['split', 'treasury']), payee: address, amount: u64String })),
        /** True if every settlement of the contract up to now was found, by the size of its history on chain. */
        isComplete: z.boolean(),
    }),
    notProved: z.array(z.string()),
    notes: z.array(z.string()),
});
export type DeliveryReport = z.infer<typeof deliveryReport>;

/** Content of a detached signature file. */
export const reportSignature = z.strictObject({
    format: z.literal('OCM/report/v1'),
    algorithm: z.literal('ed25519'),
    sha256: hash32,
    publicKey: address,
    signature: z.string().length(88),
});
export type ReportSignature = z.infer<typeof reportSignature>;
