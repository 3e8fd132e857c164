import { address, u64String } from '@ocm/sdk/http';
import { z } from 'zod';

/** 32 bytes of an address as lower-case hex: what tokens carry. */
const addressHex = z.string().regex(/^[0-9a-f]{64}$/);

export const nodeView = z.object({
    address,
    addressHex,
    participant: address,
    role: z.enum(['cast', 'relay', 'cdn']),
    /** Textual IPv4 or IPv6 addresses, in the order of the account. */
    endpoints: z.array(z.object({ ip: z.string(), port: z.number().int() })),
    isActive: z.boolean(),
    /** SHA-256 of its key's SubjectPublicKeyInfo; null: the account names none. */
    spkiHex: addressHex.nullable().default(null),
    /** Autonomous system that the operator declares; absent or 0 when it declares none. */
    asn: z.number().int().optional(),
    /** Egress that a bandwidth proof measured; absent where nothing was. */
    verifiedEgress: z.object({ kilobitsPerSecond: u64String, expiresAtSecs: z.number().int() }).optional(),
});
export type NodeView = z.infer<typeof nodeView>;

export const claimView = z.object({
    address,
    node: address,
    footprint: z.object({
        kind: z.enum(['any', 'ipv4cidr', 'ipv6cidr', 'asn', 'countrycode', 'subdivisioncode']),
        value: z.string(),
    }),
    /** Unix seconds. */
    validFromSecs: z.number().int(),
    validUntilSecs: z.number().int(),
    isEgress: z.boolean(),
    isActive: z.boolean(),
    /** Absent in views stored before they were read. */
    kilobitsPerSecond: u64String.optional(),
    priceFloorPerGigabyte: u64String.optional(),
});
export type ClaimView = z.infer<typeof claimView>;

export const contractView = z.object({
    address,
    addressHex,
    seller: address,
    state: z.enum(['proposed', 'active', 'underfunded', 'closing', 'settled', 'cancelled']),
    /** Both slots; a key of all zeros is an empty slot. */
    issuers: z.array(z.object({ publicKeyHex: addressHex, fromEpoch: z.number().int() })),
    /** Unix seconds. */
    genesisSecs: z.number().int(),
    epochLengthSecs: z.number().int().positive(),
    epochCount: z.number().int(),
    claims: z.array(address),
});
export type ContractView = z.infer<typeof contractView>;

/** Everything that a node decides by, as the chain last told it. Plain JSON, so that it survives a restart without RPC. */
export const topologyView = z.object({
    /** Local clock, milliseconds, of the last complete read. */
    readAtMs: z.number().int(),
    clusterTag: z.number().int(),
    /** The cluster is a test: private and loopback endpoints are legal. */
    isDevelopment: z.boolean(),
    params: z.object({ creditBytes: u64String, maxTokenBytes: u64String, tokenGraceSecs: z.number().int() }),
    nodes: z.array(nodeView),
    claims: z.array(claimView),
    contracts: z.array(contractView),
});
export type TopologyView = z.infer<typeof topologyView>;

export const epochOf = ({ genesisSecs, epochLengthSecs }: ContractView, nowMs: number): number =>
    Math.floor((Math.floor(nowMs / 1000) - genesisSecs) / epochLengthSecs);

/** Unix milliseconds of the first moment after epoch `epoch`. */
export const epochEndMs = ({ genesisSecs, epochLengthSecs }: ContractView, epoch: number): number =>
    (genesisSecs + (epoch + 1) * epochLengthSecs) * 1000;

/** Unix milliseconds from which no token of the contract can be shown any more. Terminated it ends earlier, never later. */
export const lastUseMs = (contract: ContractView, tokenGraceSecs: number): number =>
    epochEndMs(contract, contract.epochCount - 1) + tokenGraceSecs * 1000;

/** In force: paid for by escrow, and the current moment lies in one of its epochs. */
export function isServing(contract: ContractView, nowMs: number): boolean {
    const epoch = epochOf(contract, nowMs);
    return contract.state === 'active' && epoch >= 0 && epoch < contract.epochCount;
}

/** Contracts in force of the operator whose node this is. */
export function servingContracts(view: TopologyView | null, node: string, nowMs: number): ContractView[] {
    const self = view?.nodes.find(({ address }) => address === node);
    return (view?.contracts ?? []).filter(
        (contract) => contract.seller === self?.participant && isServing(contract, nowMs),
    );
}
