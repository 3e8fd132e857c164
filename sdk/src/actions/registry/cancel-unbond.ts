import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getCancelUnbondInstructions` needs. */
export interface CancelUnbondInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** `Unbonding.slot`, 0 to 3. */
    readonly slot: number;
}

/**
 * Returns an unbonding amount to the free stake.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the slot is 0 to 3.
 * @example const instructions = await getCancelUnbondInstructions({ owner, slot: 0 });
 */
export async function getCancelUnbondInstructions(input: CancelUnbondInput): Promise<TransactionInstruction[]> {
    const { owner, slot } = input;
    assertInteger('slot', slot, 0, 3);
    return [
        buildInstruction(
            'registry',
            'cancelUnbond',
            { owner, participant: findParticipantAddress({ owner }) },
            { slot },
        ),
    ];
}
