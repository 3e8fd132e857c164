import type { TransactionInstruction } from '@solana/web3.js';
import type { LeafChallenge } from '../../accounts/leaf-challenge.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseUnpaidChallengeInstructions` needs. */
export interface CloseUnpaidChallengeInput {
    readonly challenge: Pick<WithAddress<LeafChallenge>, 'address' | 'commitment' | 'rentPayer' | 'state'>;
}

/** A decided challenge outlives its commitment's account, an undecided one needs it. */
export function commitmentToClose({
    commitment,
    state,
}: Pick<LeafChallenge, 'commitment' | 'state'>): LeafChallenge['commitment'] | null {
    return state === 'open' || state === 'included' ? commitment : null;
}

/**
 * Closes a decided or overtaken challenge that pays nothing, whether or not its contract is still there. Anyone may; the
 * rent returns to who paid it. `getCloseChallengeInstructions` chooses between this and the one that pays.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseUnpaidChallengeInstructions({ challenge });
 */
export async function getCloseUnpaidChallengeInstructions({
    challenge,
}: CloseUnpaidChallengeInput): Promise<TransactionInstruction[]> {
    const { address, rentPayer } = challenge;
    const accounts = { challenge: address, commitment: commitmentToClose(challenge), rentPayer };
    return [buildInstruction('settlement', 'closeUnpaidChallenge', accounts, {})];
}
