import { z } from 'zod';
import { indexedCommitmentFields, indexedContractFields } from './indexer-contracts.js';
import { byKind, count, deliveryMethods, footprint, i64String, sla, splits } from './indexer-fields.js';
import { address, hash32, u64String } from './primitives.js';

const verifiedRate = z.object({
    kilobitsPerSecond: u64String,
    estimateKilobitsPerSecond: u64String,
    panelSize: count,
    faults: count,
    verifiedAt: i64String,
    expiresAt: i64String,
});

const participant = z.looseObject({
    owner: address,
    kind: z.enum(['contentProvider', 'seller', 'auditor']),
    stakeMint: address,
    hot: address,
    hotScope: count,
    hotExpiresAt: i64String,
    payout: address,
    stakeFree: u64String,
    stakeLocked: u64String,
    unbonding: z.array(z.object({ slot: count, amount: u64String, readyAt: i64String })),
    slashedTotal: u64String,
    status: z.enum(['active', 'jailed', 'exiting', 'closed']),
    nodeCount: count,
    activeCommitments: count,
    activeContracts: count,
    nextContractNonce: u64String,
    inactiveNodes: count,
    closedNodes: count,
    auditorAdmittedAt: i64String,
    slashWindowBeganAt: i64String,
    slashWindowStake: u64String,
    slashedInWindow: u64String,
});
const node = z.looseObject({
    participant: address,
    index: count,
    role: z.enum(['cast', 'relay', 'cdn']),
    endpoints: z.array(z.object({ ip: z.string(), port: count })),
    endpointProofAt: i64String,
    asn: count,
    footprintRoot: hash32,
    tlsSpki: hash32,
    bandwidthProofFlags: count,
    claimEgressKilobitsPerSecond: u64String,
    claimIngressKilobitsPerSecond: u64String,
    verifiedEgress: verifiedRate,
    verifiedIngress: verifiedRate,
    verifiedMulticast: z.object({ reach: count, reachLower: count, verifiedAt: i64String, expiresAt: i64String }),
    committedKilobitsPerSecond: u64String,
    status: z.enum(['active', 'inactive']),
    class: z.enum(['unicast', 'multicast', 'atsc3', 'satellite', 'mobile', 'inHome']),
    meteredConsent: z.boolean(),
    carouselHash: hash32,
});
const capacityClaim = z.looseObject({
    node: address,
    participant: address,
    index: count,
    footprint,
    direction: z.enum(['egress', 'ingress']),
    kilobitsPerSecond: u64String,
    committedKilobitsPerSecond: u64String,
    priceFloorPerGigabyte: u64String,
    validFrom: i64String,
    validUntil: i64String,
    status: z.enum(['active', 'retired']),
    deliveryMethods,
    claimedAt: i64String,
});
const offer = z.looseObject({
    participant: address,
    index: count,
    claims: z.array(address),
    nodeSetHash: hash32,
    pricePerGigabyte: byKind,
    commitFeePerEpoch: u64String,
    minKilobitsPerSecond: u64String,
    maxKilobitsPerSecond: u64String,
    remainingKilobitsPerSecond: u64String,
    minEpochs: count,
    mint: address,
    epochLengthSecs: count,
    sla,
    splits,
    expiresAt: i64String,
    status: z.enum(['open', 'withdrawn']),
    deliveryMethods,
    verifiedOnly: z.boolean(),
});

/**
 * Fields of the accounts that a market lists most, by the name of their type; those of others are as the SDK reads them.
 * A field that a later version of the programs has passes through.
 */
export const indexedFields: Readonly<Record<string, z.ZodObject>> = {
    Participant: participant,
    Node: node,
    CapacityClaim: capacityClaim,
    Offer: offer,
    Contract: indexedContractFields,
    DeliveryCommitment: indexedCommitmentFields,
};
