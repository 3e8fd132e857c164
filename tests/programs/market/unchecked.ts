import {
    type AcceptOfferInput,
    buildInstruction,
    encodeDeliveryMethods,
    findConfigAddress,
    findContractAddress,
    findEventAuthorityAddress,
    findMarketAuthorityAddress,
    findOfferAddress,
    findParticipantAddress,
    findVaultAddress,
    type PostOfferInput,
    PROGRAM_IDS,
} from '@ocm/sdk';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { TransactionInstruction } from '@solana/web3.js';

const UNUSED_TIER = { metric: 0, threshold: 0, basisPoints: 0 };

/** `getPostOfferInstructions` without its own checks. */
export function postOfferUnchecked({
    owner,
    claims,
    sla,
    splits,
    deliveryMethods,
    ...args
}: PostOfferInput): TransactionInstruction {
    const participant = findParticipantAddress({ owner });
    const offer = findOfferAddress({ participant, index: args.index });
    const accounts = { payer: owner, owner, participant, config: findConfigAddress(), offer };
    const tiers = [...sla.tiers, ...new Array(8 - sla.tiers.length).fill(UNUSED_TIER)];
    const terms = {
        ...args,
        pricePerGigabyte: [...args.pricePerGigabyte],
        sla: { ...sla, tiers },
        splits: [...splits],
        deliveryMethods: encodeDeliveryMethods(deliveryMethods ?? ['unicast']),
        verifiedOnly: args.verifiedOnly ?? false,
    };
    const remaining = claims.map((pubkey) => ({ pubkey, isSigner: false, isWritable: false }));
    return buildInstruction('market', 'postOffer', accounts, { args: terms }, remaining);
}

/** `getAcceptOfferInstructions` without its own checks. */
export function acceptOfferUnchecked(input: AcceptOfferInput): TransactionInstruction {
    const { contentProviderOwner: owner, offer, claims, claimShares = [], tokenProgram = TOKEN_PROGRAM_ID } = input;
    const contentProvider = findParticipantAddress({ owner });
    const contract = findContractAddress({ contentProvider, seller: offer.participant, nonce: input.nonce });
    const accounts = {
        payer: owner,
        owner,
        contentProvider,
        seller: offer.participant,
        offer: offer.address,
        config: findConfigAddress(),
        contract,
        mint: offer.mint,
        vault: findVaultAddress({ contract }),
        marketAuthority: findMarketAuthorityAddress(),
        registryProgram: PROGRAM_IDS.registry,
        registryEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.registry),
        tokenProgram,
    };
    const { nonce, committedKilobitsPerSecond, capKilobitsPerSecond, epochCount, genesisAt, issuer } = input;
    const shares = [...claimShares, ...new Array<bigint>(4 - claimShares.length).fill(0n)];
    const args = { nonce, committedKilobitsPerSecond, capKilobitsPerSecond, epochCount, genesisAt, issuer };
    const remaining = claims.flatMap(({ address, node }) =>
        [address, node].map((pubkey) => ({ pubkey, isSigner: false, isWritable: true })),
    );
    return buildInstruction(
        'market',
        'acceptOffer',
        accounts,
        { args: { ...args, claimShares: shares, verifiedOnly: input.verifiedOnly ?? false } },
        remaining,
    );
}
