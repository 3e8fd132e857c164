import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findSlaReportAddress } from '../../addresses/index.js';
import { assertSlaSummary, type SlaSummary } from '../../core/sla.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getReportSlaInstructions` needs. */
export interface ReportSlaInput {
    /** The auditor's owner, or its hot key with the scope `prove`. Signs. */
    readonly authority: PublicKey;
    /** Pays the rent; `authority` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Participant account of the auditor. */
    readonly auditor: PublicKey;
    readonly contract: { readonly address: PublicKey };
    readonly commitment: PublicKey;
    readonly summary: SlaSummary;
    /** Root over the measurements, 32 bytes. */
    readonly evidenceRoot: Uint8Array;
}

/**
 * States what an auditor measured in the epoch of a commitment, until the time for challenges ends.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a root of another length; MKT_CORE__* for a summary with shares
 * above one million.
 * @example const instructions = await getReportSlaInstructions({ authority, auditor, contract, commitment, summary, evidenceRoot });
 */
export async function getReportSlaInstructions(input: ReportSlaInput): Promise<TransactionInstruction[]> {
    const { authority, payer = authority, auditor, contract, commitment, summary, evidenceRoot } = input;
    assertSlaSummary(summary);
    assertHash('evidenceRoot', evidenceRoot);
    const accounts = {
        payer,
        authority,
        auditor,
        contract: contract.address,
        commitment,
        report: findSlaReportAddress({ commitment, auditor }),
    };
    return [buildInstruction('settlement', 'reportSla', accounts, { summary, evidenceRoot })];
}
