import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Bounty } from '../../accounts/bounty.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRefundBountyInstructions` needs. */
export interface RefundBountyInput {
    /** Pays the rent of the owner's token account where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly bounty: Pick<WithAddress<Bounty>, 'address' | 'owner' | 'rentPayer' | 'mint' | 'tokenProgram' | 'vault'>;
}

/**
 * Ends a bounty that has expired or paid all it can; the rest returns to the content provider. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getRefundBountyInstructions({ payer, bounty });
 */
export async function getRefundBountyInstructions(input: RefundBountyInput): Promise<TransactionInstruction[]> {
    const { payer, bounty } = input;
    const { owner, mint, tokenProgram } = bounty;
    const accounts = {
        payer,
        owner,
        bounty: bounty.address,
        rentPayer: bounty.rentPayer,
        mint,
        vault: bounty.vault,
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'refundBounty', accounts, {})];
}
