import type { TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { SlaReport } from '../../accounts/sla-report.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseReportInstructions` needs. */
export interface CloseReportInput {
    readonly report: Pick<WithAddress<SlaReport>, 'address' | 'commitment' | 'rentPayer'>;
}

/**
 * Closes a report whose commitment has ended; the rent goes back to who paid it. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseReportInstructions({ report });
 */
export async function getCloseReportInstructions({ report }: CloseReportInput): Promise<TransactionInstruction[]> {
    const accounts = { report: report.address, commitment: report.commitment, rentPayer: report.rentPayer };
    return [buildInstruction('settlement', 'closeReport', accounts, {})];
}
