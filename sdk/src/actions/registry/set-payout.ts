import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertKeySet } from '../checks.js';

/** What `getSetPayoutInstructions` needs. */
export interface SetPayoutInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Where it wants its share from now on. */
    readonly payout: PublicKey;
}

/**
 * Names another payout key; the owner itself never changes, as it is part of the account's address.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the key is all zero.
 * @example const instructions = await getSetPayoutInstructions({ owner, payout });
 */
export async function getSetPayoutInstructions(input: SetPayoutInput): Promise<TransactionInstruction[]> {
    const { owner, payout } = input;
    assertKeySet('payout', payout);
    return [
        buildInstruction(
            'registry',
            'setPayout',
            { owner, participant: findParticipantAddress({ owner }) },
            { payout },
        ),
    ];
}
