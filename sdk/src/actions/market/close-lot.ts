import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Lot } from '../../accounts/lot.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseLotInstructions` needs. */
export interface CloseLotInput {
    /** Pays the rent of the owner's token account where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    /** The content provider's cold key, to whose associated token account anything left over goes. */
    readonly contentProviderOwner: PublicKey;
    readonly lot: Pick<
        WithAddress<Lot>,
        'address' | 'contentProvider' | 'rentPayer' | 'mint' | 'tokenProgram' | 'vault'
    >;
}

/**
 * Closes a lot that has no open bids; the rent returns to who paid it. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseLotInstructions({ payer, contentProviderOwner, lot });
 */
export async function getCloseLotInstructions(input: CloseLotInput): Promise<TransactionInstruction[]> {
    const { payer, contentProviderOwner: owner, lot } = input;
    const { mint, tokenProgram } = lot;
    const accounts = {
        payer,
        contentProvider: lot.contentProvider,
        owner,
        lot: lot.address,
        rentPayer: lot.rentPayer,
        mint,
        vault: lot.vault,
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'closeLot', accounts, {})];
}
