import type { TransactionInstruction } from '@solana/web3.js';
import type { Params } from '../../accounts/config.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { encodeParams } from './params.js';

/** What `getApplyParamsInstructions` needs. */
export interface ApplyParamsInput {
    /** Those that were queued: the event `ParamsQueued` has them. */
    readonly params: Params;
}

/**
 * Puts the queued parameters into force once their time lock has ended. Anyone may send it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a parameter that does not fit its field.
 * @example const instructions = await getApplyParamsInstructions({ params });
 */
export async function getApplyParamsInstructions({ params }: ApplyParamsInput): Promise<TransactionInstruction[]> {
    const accounts = { config: findConfigAddress() };
    return [buildInstruction('registry', 'applyParams', accounts, { params: encodeParams(params) })];
}
