import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Lot } from '../../accounts/lot.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findBidAddress, findParticipantAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { computeBidCommitment } from '../../core/auction.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getCommitBidInstructions` needs. */
export interface CommitBidInput {
    /** The seller's cold key. Signs, and pays the deposit. */
    readonly owner: PublicKey;
    /** Pays the rent and gets it back with the deposit's release; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly lot: Pick<
        WithAddress<Lot>,
        | 'address'
        | 'mint'
        | 'tokenProgram'
        | 'vault'
        | 'kilobitsPerSecond'
        | 'unitKilobitsPerSecond'
        | 'reservePricePerGigabyte'
    >;
    /** Base units per 10^9 bytes, at most the reserve price. */
    readonly pricePerGigabyte: bigint;
    /** Whole units, at most a third of the lot's. */
    readonly kilobitsPerSecond: bigint;
    /** 16 random bytes; keep them with price and quantity, or the bid cannot be revealed and its deposit is lost. */
    readonly salt: Uint8Array;
    /** The owner's associated token account when left out. */
    readonly ownerTokenAccount?: PublicKey;
}

/** The program sees price and quantity only when they are revealed, when it is too late to correct them. */
function assertBid({ lot, pricePerGigabyte, kilobitsPerSecond }: CommitBidInput): void {
    assertPositive('pricePerGigabyte', pricePerGigabyte);
    if (pricePerGigabyte > lot.reservePricePerGigabyte) {
        throw argumentError('pricePerGigabyte', `at most the reserve price, ${lot.reservePricePerGigabyte}`);
    }
    assertPositive('kilobitsPerSecond', kilobitsPerSecond);
    const unit = lot.unitKilobitsPerSecond;
    const most = (lot.kilobitsPerSecond / unit / 3n) * unit;
    if (kilobitsPerSecond % unit !== 0n || kilobitsPerSecond > most) {
        throw argumentError('kilobitsPerSecond', `whole units of ${unit}, at most ${most} together`);
    }
}

/**
 * Makes a sealed bid and pays its deposit; the bid is `findBidAddress({ lot, bidder })`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a price or quantity that could not be revealed;
 * MKT_CORE__FIELD_LENGTH_WRONG for a salt that is not 16 bytes.
 * @example
 * const salt = crypto.getRandomValues(new Uint8Array(16));
 * const instructions = await getCommitBidInstructions({ owner, lot, pricePerGigabyte: 5_000n, kilobitsPerSecond: 50_000n, salt });
 */
export async function getCommitBidInstructions(input: CommitBidInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, lot, pricePerGigabyte, kilobitsPerSecond, salt } = input;
    assertBid(input);
    const { mint, tokenProgram } = lot;
    const bidder = findParticipantAddress({ owner });
    const commitment = computeBidCommitment({
        lot: lot.address.toBytes(),
        bidder: bidder.toBytes(),
        pricePerGigabyte,
        kilobitsPerSecond,
        salt,
    });
    const accounts = {
        payer,
        owner,
        bidder,
        lot: lot.address,
        bid: findBidAddress({ lot: lot.address, bidder }),
        mint,
        vault: lot.vault,
        ownerTokenAccount: input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'commitBid', accounts, { commitment })];
}
