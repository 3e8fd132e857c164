import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { compareBytes } from '../../core/bytes.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getResolveSlaInstructions` needs. */
export interface ResolveSlaInput {
    readonly contract: { readonly address: PublicKey };
    readonly commitment: PublicKey;
    /** Every report on the commitment (`listSlaReports`), in any order. */
    readonly reports: readonly PublicKey[];
}

/**
 * Takes the median of all reports as the service quality of a commitment, once the time for challenges is over. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example
 * const reports = await listSlaReports(connection, { commitment });
 * const instructions = await getResolveSlaInstructions({ contract, commitment, reports: reports.map(({ address }) => address) });
 */
export async function getResolveSlaInstructions(input: ResolveSlaInput): Promise<TransactionInstruction[]> {
    const { contract, commitment, reports } = input;
    const accounts = { contract: contract.address, commitment };
    const remaining = reports
        .toSorted((a, b) => compareBytes(a.toBytes(), b.toBytes()))
        .map((pubkey) => ({ pubkey, isSigner: false, isWritable: false }));
    return [buildInstruction('settlement', 'resolveSla', accounts, {}, remaining)];
}
