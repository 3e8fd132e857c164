import type { PublicKey } from '@solana/web3.js';
import { computeMarketKey } from '../core/auction.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../core/delivery-method.js';
import type { Footprint } from '../core/footprint.js';
import { PROGRAM_IDS } from '../programs/ids.js';
import { findAddress, textSeed, u32Seed, u64Seed } from './seeds.js';

/** A node's capacity claim by its index (u32): ["claim", node, index] of the market. */
export function findCapacityClaimAddress({ node, index }: { node: PublicKey; index: number }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('claim'), node.toBytes(), u32Seed('index', index)]);
}

/** A seller's offer by its index (u32): ["offer", participant, index] of the market. */
export function findOfferAddress({ participant, index }: { participant: PublicKey; index: number }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('offer'), participant.toBytes(), u32Seed('index', index)]);
}

/** The contract of two participants by its nonce (u64): ["ctr", content provider, seller, nonce] of the market. */
export function findContractAddress(input: {
    /** Participant account of the content provider. */
    contentProvider: PublicKey;
    /** Participant account of the seller. */
    seller: PublicKey;
    nonce: bigint;
}): PublicKey {
    const { contentProvider, seller, nonce } = input;
    return findAddress(PROGRAM_IDS.market, [
        textSeed('ctr'),
        contentProvider.toBytes(),
        seller.toBytes(),
        u64Seed('nonce', nonce),
    ]);
}

/** The token account in escrow for a contract: ["vault", contract] of the market. */
export function findVaultAddress({ contract }: { contract: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('vault'), contract.toBytes()]);
}

/** The token account in escrow for a lot or a bounty: ["vault", holder] of the market. */
export function findEscrowAddress({ holder }: { holder: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('vault'), holder.toBytes()]);
}

/** A content provider's lot by its nonce (u64): ["lot", content provider, nonce] of the market. */
export function findLotAddress({ contentProvider, nonce }: { contentProvider: PublicKey; nonce: bigint }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('lot'), contentProvider.toBytes(), u64Seed('nonce', nonce)]);
}

/** A seller's bid for a lot: ["bid", lot, bidder] of the market. */
export function findBidAddress({ lot, bidder }: { lot: PublicKey; bidder: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('bid'), lot.toBytes(), bidder.toBytes()]);
}

/** A content provider's bounty by its nonce (u64): ["bounty", content provider, nonce] of the market. */
export function findBountyAddress(input: { contentProvider: PublicKey; nonce: bigint }): PublicKey {
    const { contentProvider, nonce } = input;
    return findAddress(PROGRAM_IDS.market, [textSeed('bounty'), contentProvider.toBytes(), u64Seed('nonce', nonce)]);
}

/** The last clearings of a footprint, method and mint: ["price", market key] of the market. */
export function findPriceHistoryAddress(input: {
    footprint: Footprint;
    deliveryMethods: readonly DeliveryMethod[];
    mint: PublicKey;
}): PublicKey {
    const bits = encodeDeliveryMethods(input.deliveryMethods);
    const key = computeMarketKey(input.footprint, bits, input.mint.toBytes());
    return findAddress(PROGRAM_IDS.market, [textSeed('price'), key]);
}

/** The address with which the market signs its calls to other programs: ["authority"] of the market. */
export function findMarketAuthorityAddress(): PublicKey {
    return findAddress(PROGRAM_IDS.market, [textSeed('authority')]);
}
