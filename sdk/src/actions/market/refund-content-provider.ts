import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findParticipantAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRefundContentProviderInstructions` needs. */
export interface RefundContentProviderInput {
    /** Pays the rent of the owner's token account where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    /** The content provider's cold key, to whose associated token account the tokens go. */
    readonly contentProviderOwner: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
}

/**
 * Returns what a settled or cancelled contract's vault holds beyond what is owed. Anyone may crank it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getRefundContentProviderInstructions({ payer, contentProviderOwner, contract });
 */
export async function getRefundContentProviderInstructions(
    input: RefundContentProviderInput,
): Promise<TransactionInstruction[]> {
    const { payer, contentProviderOwner: owner, contract } = input;
    const { mint, vault, tokenProgram } = contract;
    const accounts = {
        payer,
        contentProvider: findParticipantAddress({ owner }),
        owner,
        contract: contract.address,
        mint,
        vault,
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'refundContentProvider', accounts, {})];
}
