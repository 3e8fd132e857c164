import type { PublicKey } from '@solana/web3.js';
import type { SlaSummary } from '../core/sla.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** What one auditor measured in the epoch of a commitment. */
export interface SlaReport {
    readonly commitment: PublicKey;
    /** Participant account. */
    readonly auditor: PublicKey;
    readonly summary: SlaSummary;
    readonly evidenceRoot: Uint8Array;
    /** Unix seconds. */
    readonly reportedAt: bigint;
    readonly rentPayer: PublicKey;
}

const reader = createReader('settlement', 'SlaReport', ({ version, bump, reserved, ...report }): SlaReport => report);

/** Reads a report from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeSlaReport = reader.decode;

/**
 * A report, or null when none stands at the address (`findSlaReportAddress`) or it was closed.
 *
 * @throws MarketplaceError as `decodeSlaReport`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const report = await fetchSlaReport(connection, findSlaReportAddress({ commitment, auditor }));
 */
export function fetchSlaReport(connection: AccountSource, address: PublicKey): Promise<WithAddress<SlaReport> | null> {
    return reader.fetch(connection, address);
}

/**
 * All reports, or those on one commitment.
 *
 * @throws MarketplaceError as `fetchSlaReport`.
 * @example const reports = await listSlaReports(connection, { commitment });
 */
export function listSlaReports(
    connection: AccountListSource,
    filter: { commitment?: PublicKey } = {},
): Promise<WithAddress<SlaReport>[]> {
    return reader.list(connection, { commitment: filter.commitment });
}
