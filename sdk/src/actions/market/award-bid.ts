import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Bid } from '../../accounts/bid.js';
import type { Lot } from '../../accounts/lot.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findConfigAddress, findContractAddress, findEscrowAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { type ClaimWithNode, pairAccounts } from './claim-pairs.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getAwardBidInstructions` needs. */
export interface AwardBidInput {
    /** Pays the contract's rent and gets it back when it is closed; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly lot: Pick<WithAddress<Lot>, 'address' | 'contentProvider' | 'mint' | 'tokenProgram'>;
    readonly bid: Pick<WithAddress<Bid>, 'address' | 'bidder' | 'claims'>;
    /** The bid's claims, in its order (`fetchClaims`). */
    readonly claims: readonly ClaimWithNode[];
    /** `Participant.nextContractNonce` of the content provider as it stands. */
    readonly nonce: bigint;
}

/**
 * Makes the contract that a bid has won; it is `findContractAddress({ contentProvider: lot.contentProvider,
 * seller: bid.bidder, nonce })`. The deposit can be released from then on.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the claims are not those of the bid.
 * @example
 * const instructions = await getAwardBidInstructions({ payer, lot, bid, claims: await fetchClaims(connection, bid.claims),
 *     nonce: buyer.nextContractNonce });
 */
export async function getAwardBidInstructions(input: AwardBidInput): Promise<TransactionInstruction[]> {
    const { payer, lot, bid, claims, nonce } = input;
    const { contentProvider, mint, tokenProgram } = lot;
    const contract = findContractAddress({ contentProvider, seller: bid.bidder, nonce });
    const accounts = {
        payer,
        contentProvider,
        bidder: bid.bidder,
        lot: lot.address,
        bid: bid.address,
        config: findConfigAddress(),
        contract,
        mint,
        vault: findEscrowAddress({ holder: contract }),
        tokenProgram,
        ...registryCallAccounts(),
    };
    return [buildInstruction('market', 'awardBid', accounts, {}, pairAccounts(bid.claims, claims))];
}
