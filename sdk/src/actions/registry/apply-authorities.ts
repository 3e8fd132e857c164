import type { TransactionInstruction } from '@solana/web3.js';
import type { Authorities } from '../../accounts/config.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertAuthorities } from './authorities.js';

/** What `getApplyAuthoritiesInstructions` needs. */
export interface ApplyAuthoritiesInput {
    /** Those that were queued: the event `AuthoritiesQueued` has them. */
    readonly authorities: Authorities;
}

/**
 * Puts the queued board, guardian, treasury and fee into force once their time lock has ended. Anyone may send it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a missing key or a fee above 500 basis points.
 * @example const instructions = await getApplyAuthoritiesInstructions({ authorities });
 */
export async function getApplyAuthoritiesInstructions(input: ApplyAuthoritiesInput): Promise<TransactionInstruction[]> {
    const { authorities } = input;
    assertAuthorities(authorities);
    return [buildInstruction('registry', 'applyAuthorities', { config: findConfigAddress() }, { authorities })];
}
