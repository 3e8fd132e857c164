import { PublicKey } from '@solana/web3.js';
import type { Contract } from '../accounts/contract.js';
import type { Offer } from '../accounts/offer.js';
import { fetchParticipant, type Participant } from '../accounts/participant.js';
import type { AccountSource } from '../accounts/reader.js';
import { findParticipantAddress } from '../addresses/index.js';

export type PartySide = 'seller' | 'contentProvider';
/** `participant` is the account itself; `issuer` signs viewers' tokens; `payee` is paid by a split. */
export type PartyRole = 'participant' | 'owner' | 'hot' | 'payout' | 'issuer' | 'payee';

/** A key of one side, by what it is there. */
export interface PartyKey {
    readonly side: PartySide;
    readonly role: PartyRole;
    /** Base58. */
    readonly key: string;
}

/** A key that both sides have, by what it is to each. */
export interface SharedKey {
    readonly key: string;
    readonly contentProvider: readonly PartyRole[];
    readonly seller: readonly PartyRole[];
}

/** What of a contract, or of one that is about to be, names keys. */
export type PartyTerms = Pick<Contract, 'contentProvider' | 'seller' | 'issuer' | 'splits'>;
type ParticipantKeys = Pick<Participant, 'owner' | 'hot' | 'payout'>;

/**
 * All keys by which a contract's two sides are known; a participant that has closed is known by its address alone.
 *
 * @example const parties = listPartyKeys(contract, { seller, contentProvider });
 */
export function listPartyKeys(
    terms: PartyTerms,
    participants: Readonly<Record<PartySide, ParticipantKeys | null>>,
): PartyKey[] {
    const keys = [
        ...keysOf('contentProvider', terms.contentProvider, participants.contentProvider),
        ...terms.issuer.map((key) => ({ side: 'contentProvider', role: 'issuer', key }) as const),
        ...keysOf('seller', terms.seller, participants.seller),
        ...terms.splits.map(({ payee: key }) => ({ side: 'seller', role: 'payee', key }) as const),
    ];
    // An all-zero key is an empty place.
    return keys
        .filter(({ key }) => !key.equals(PublicKey.default))
        .map(({ key, ...party }) => ({ ...party, key: key.toBase58() }));
}

function keysOf(side: PartySide, participant: PublicKey, keys: ParticipantKeys | null) {
    const self = { side, role: 'participant' as PartyRole, key: participant };
    if (keys === null) return [self];
    return [self, ...(['owner', 'hot', 'payout'] as const).map((role) => ({ side, role, key: keys[role] }))];
}

/**
 * Keys that are on both sides: whoever holds one can be buyer and seller of the same traffic (attacks A11, A13). No program
 * compares them, since more keys than these can be had by one hand; that none is shared proves nothing.
 *
 * @example const shared = findSharedKeys(listPartyKeys(contract, participants));
 */
export function findSharedKeys(parties: readonly PartyKey[]): SharedKey[] {
    const rolesOf = (wanted: PartySide, key: string): PartyRole[] => [
        ...new Set(parties.filter((party) => party.side === wanted && party.key === key).map(({ role }) => role)),
    ];
    return [...new Set(parties.map(({ key }) => key))]
        .map((key) => ({ key, contentProvider: rolesOf('contentProvider', key), seller: rolesOf('seller', key) }))
        .filter(({ contentProvider, seller }) => contentProvider.length > 0 && seller.length > 0);
}

/**
 * The keys of a contract's two sides as the cluster has them.
 *
 * @throws MarketplaceError as `fetchParticipant`.
 * @example const shared = findSharedKeys(await fetchPartyKeys(connection, contract));
 */
export async function fetchPartyKeys(connection: AccountSource, terms: PartyTerms): Promise<PartyKey[]> {
    const [seller, contentProvider] = await Promise.all(
        [terms.seller, terms.contentProvider].map((address) => fetchParticipant(connection, address)),
    );
    return listPartyKeys(terms, { seller: seller ?? null, contentProvider: contentProvider ?? null });
}

/** What a content provider is about to accept, as `getAcceptOfferInstructions` takes it. */
export interface OfferToCheck {
    readonly contentProviderOwner: PublicKey;
    readonly offer: Pick<Offer, 'participant' | 'splits'>;
    readonly issuer: PublicKey;
}

/**
 * A warning for a content provider before it accepts an offer: keys of its own that are the seller's too. With the issuer's
 * key among them the seller can sign tokens itself, and be paid up to the cap of every epoch for no byte (attack A11); the
 * chain lets it. Show what is returned and ask before going on.
 *
 * @throws MarketplaceError as `fetchParticipant`.
 * @example
 * const shared = await findKeysSharedWithSeller(connection, { contentProviderOwner, offer, issuer });
 * if (shared.length === 0) await send(await getAcceptOfferInstructions({ contentProviderOwner, offer, issuer, ...terms }));
 */
export async function findKeysSharedWithSeller(
    connection: AccountSource,
    { contentProviderOwner: owner, offer, issuer }: OfferToCheck,
): Promise<SharedKey[]> {
    const contentProvider = findParticipantAddress({ owner });
    const terms = { contentProvider, seller: offer.participant, issuer: [issuer], splits: offer.splits };
    const own: PartyKey = { side: 'contentProvider', role: 'owner', key: owner.toBase58() };
    return findSharedKeys([own, ...(await fetchPartyKeys(connection, terms))]);
}
