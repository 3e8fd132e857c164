import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Bid } from '../../accounts/bid.js';
import type { Lot } from '../../accounts/lot.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getReleaseBidDepositInstructions` needs. */
export interface ReleaseBidDepositInput {
    /** Pays the rent of the recipient's token account where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly lot: Pick<WithAddress<Lot>, 'address' | 'contentProvider' | 'mint' | 'tokenProgram' | 'vault'>;
    readonly bid: Pick<WithAddress<Bid>, 'address' | 'bidder' | 'rentPayer'>;
    /**
     * Owner of the side to whom the deposit is due: the bidder's when it lost, has its contract or the lot was never
     * cleared; the content provider's when the bid was not revealed or its winner made no contract before genesis.
     */
    readonly recipient: PublicKey;
}

/**
 * Pays a bid's deposit to whom it is due and closes the bid. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getReleaseBidDepositInstructions({ payer, lot, bid, recipient: bidderOwner });
 */
export async function getReleaseBidDepositInstructions(
    input: ReleaseBidDepositInput,
): Promise<TransactionInstruction[]> {
    const { payer, lot, bid, recipient } = input;
    const { mint, tokenProgram } = lot;
    const accounts = {
        payer,
        lot: lot.address,
        bid: bid.address,
        contentProvider: lot.contentProvider,
        bidder: bid.bidder,
        recipient,
        rentPayer: bid.rentPayer,
        mint,
        vault: lot.vault,
        recipientTokenAccount: findTokenAccountAddress({ owner: recipient, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'releaseBidDeposit', accounts, {})];
}
