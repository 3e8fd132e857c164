import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Offer } from '../../accounts/offer.js';
import type { WithAddress } from '../../accounts/reader.js';
import {
    findConfigAddress,
    findContractAddress,
    findParticipantAddress,
    findVaultAddress,
} from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertKeySet, assertPositive } from '../checks.js';
import { type ClaimWithNode, pairAccounts } from './claim-pairs.js';
import { registryCallAccounts } from './registry-call.js';

const CLAIM_PLACES = 4;
const MAX_EPOCH_COUNT = 21_845;

/** What `getAcceptOfferInstructions` needs. */
export interface AcceptOfferInput {
    /** The content provider's cold key. Signs. */
    readonly contentProviderOwner: PublicKey;
    /** Pays the rent and gets it back when the contract is closed; `contentProviderOwner` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly offer: Pick<
        WithAddress<Offer>,
        'address' | 'participant' | 'mint' | 'claims' | 'minEpochs' | 'minKilobitsPerSecond' | 'maxKilobitsPerSecond'
    >;
    /** The offer's claims, in its order (`fetchClaims`). */
    readonly claims: readonly ClaimWithNode[];
    /** At least `Participant.nextContractNonce` of the content provider. */
    readonly nonce: bigint;
    readonly committedKilobitsPerSecond: bigint;
    /** At least the committed rate; traffic above it is never paid. */
    readonly capKilobitsPerSecond: bigint;
    /** Kilobits per second on each claim, which add up to the committed rate; left out with one claim. */
    readonly claimShares?: readonly bigint[];
    readonly epochCount: number;
    /** Unix seconds at which epoch 0 begins, from the cluster's present time to 30 days ahead. */
    readonly genesisAt: bigint;
    /** Key that signs viewers' tokens from epoch 0 on. */
    readonly issuer: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** Whether only capacity within an unexpired bandwidth proof is wanted; an offer may insist on it. */
    readonly verifiedOnly?: boolean;
}

function chooseShares({ offer, claimShares, committedKilobitsPerSecond }: AcceptOfferInput): bigint[] {
    const shares = claimShares ?? (offer.claims.length === 1 ? [committedKilobitsPerSecond] : []);
    const sum = shares.reduce((total, share) => total + share, 0n);
    if (shares.length !== offer.claims.length || sum !== committedKilobitsPerSecond) {
        throw argumentError('claimShares', 'one share for each claim, which add up to committedKilobitsPerSecond');
    }
    return [...shares, ...new Array<bigint>(CLAIM_PLACES - shares.length).fill(0n)];
}

function assertPurchase(input: AcceptOfferInput): void {
    const { offer, committedKilobitsPerSecond: committed } = input;
    assertPositive('committedKilobitsPerSecond', committed);
    if (committed < offer.minKilobitsPerSecond || committed > offer.maxKilobitsPerSecond) {
        throw argumentError(
            'committedKilobitsPerSecond',
            `a rate from ${offer.minKilobitsPerSecond} to ${offer.maxKilobitsPerSecond}, as the offer says`,
        );
    }
    if (input.capKilobitsPerSecond < committed) {
        throw argumentError('capKilobitsPerSecond', 'at least committedKilobitsPerSecond');
    }
    assertInteger('epochCount', input.epochCount, offer.minEpochs, MAX_EPOCH_COUNT);
    assertKeySet('issuer', input.issuer);
}

/**
 * Buys a part of an offer. The contract is `findContractAddress({ contentProvider, seller: offer.participant, nonce })`;
 * it is proposed until its vault holds the reserve (`getFundContractInstructions`).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a rate, share, epoch count or claim list that the offer rules out.
 * @example
 * const instructions = await getAcceptOfferInstructions({ contentProviderOwner, offer,
 *     claims: await fetchClaims(connection, offer.claims), nonce: buyer.nextContractNonce,
 *     committedKilobitsPerSecond: 50_000n, capKilobitsPerSecond: 80_000n, epochCount: 24, genesisAt, issuer });
 */
export async function getAcceptOfferInstructions(input: AcceptOfferInput): Promise<TransactionInstruction[]> {
    const { contentProviderOwner: owner, payer = owner, offer, nonce, tokenProgram = TOKEN_PROGRAM_ID } = input;
    assertPurchase(input);
    const claimShares = chooseShares(input);
    const contentProvider = findParticipantAddress({ owner });
    const contract = findContractAddress({ contentProvider, seller: offer.participant, nonce });
    const accounts = {
        payer,
        owner,
        contentProvider,
        seller: offer.participant,
        offer: offer.address,
        config: findConfigAddress(),
        contract,
        mint: offer.mint,
        vault: findVaultAddress({ contract }),
        tokenProgram,
        ...registryCallAccounts(),
    };
    const args = {
        nonce,
        committedKilobitsPerSecond: input.committedKilobitsPerSecond,
        capKilobitsPerSecond: input.capKilobitsPerSecond,
        claimShares,
        epochCount: input.epochCount,
        genesisAt: input.genesisAt,
        issuer: input.issuer,
        verifiedOnly: input.verifiedOnly ?? false,
    };
    return [buildInstruction('market', 'acceptOffer', accounts, { args }, pairAccounts(offer.claims, input.claims))];
}
