import { createChainGateway, failure, type Logger } from '@ocm/runtime';
import {
    type CapacityClaim,
    type Contract,
    fetchConfig,
    fetchContract,
    fetchNode,
    listCapacityClaims,
    listContracts,
    listNodes,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import { toHex } from '@ocm/sdk/core';
import { PublicKey } from '@solana/web3.js';
import type { NodeConfig } from '../config.js';
import type { Clock } from '../ports.js';
import { type BeaconAccount, findBeaconAt, readBeaconAccount } from './beacon-account.js';
import type { ClusterClock } from './cluster-clock.js';
import type { ClaimView, ContractView, NodeView, TopologyView } from './view.js';

export interface ChainReaderOptions {
    rpcUrl: string;
    /** Base58 address of this node's account; of a BEACON that of a `Beacon`, or of a node that an operator runs as one. */
    node: string;
    role: NodeConfig['role'];
    /** Set by each read. */
    clock: Pick<ClusterClock, 'observe'>;
    now: Clock;
    log: Logger;
}
type Self = Pick<ChainReaderOptions, 'node' | 'role'>;
type Connection = ReturnType<typeof createChainGateway>['connection'];

/** What a node asks of the chain. */
export interface ChainReader {
    /** One complete view. */
    read(): Promise<TopologyView>;
    findContract(address: string): Promise<ContractView | null>;
    findBeacon(address: string): Promise<BeaconAccount | null>;
}

/** Reads what a node decides by: its operator's nodes, claims and contracts, and the parameters of the marketplace. */
export function createChainReader({ rpcUrl, node, role, clock, now, log }: ChainReaderOptions): ChainReader {
    const { connection, clusterTimeSecs } = createChainGateway({ rpcUrl, log });
    return {
        async read() {
            const [view] = await Promise.all([
                readTopology(connection, { node, role }, now),
                clock.observe(clusterTimeSecs),
            ]);
            return view;
        },
        async findContract(address) {
            const contract = await fetchContract(connection, new PublicKey(address));
            return contract === null ? null : toContractView(contract);
        },
        findBeacon: (address) => readBeaconAccount(connection, address),
    };
}

/** @throws MKT_NODE__MARKETPLACE_MISSING, MKT_NODE__NODE_UNKNOWN, and what the readers of the SDK throw */
async function readTopology(connection: Connection, self: Self, now: Clock): Promise<TopologyView> {
    const config = await fetchConfig(connection);
    if (config === null) {
        throw failure(
            'MKT_NODE__MARKETPLACE_MISSING',
            'the marketplace is not initialised on this cluster; run the migrations',
        );
    }
    const participant = await findSeller(connection, self);
    const [nodes, claims, contracts] =
        participant === null
            ? [[], [], []]
            : await Promise.all([
                  listNodes(connection, { participant }),
                  listCapacityClaims(connection, { participant }),
                  listContracts(connection, { seller: participant }),
              ]);
    const { creditBytes, maxTokenBytes, tokenGraceSecs } = config.params;
    return {
        readAtMs: now(),
        clusterTag: config.clusterTag,
        isDevelopment: config.development,
        params: { creditBytes: creditBytes.toString(), maxTokenBytes: maxTokenBytes.toString(), tokenGraceSecs },
        nodes: nodes.map(toNodeView).sort(byAddress),
        claims: claims.map(toClaimView).sort(byAddress),
        contracts: contracts.map(toContractView).sort(byAddress),
    };
}

/** Whose nodes, claims and contracts concern this node; null for a BEACON, which sells nothing itself. */
async function findSeller(connection: Connection, { node, role }: Self): Promise<PublicKey | null> {
    if (role === 'beacon' && (await findBeaconAt(connection, node)) !== null) return null;
    const self = await fetchNode(connection, new PublicKey(node));
    if (self !== null) return self.participant;
    throw failure('MKT_NODE__NODE_UNKNOWN', 'config.node is not registered on this cluster; register it first', {
        node,
    });
}

/** The order of getProgramAccounts is the RPC node's whim; a view must not seem to change by it. */
const byAddress = (a: { address: string }, b: { address: string }): number => (a.address < b.address ? -1 : 1);

function toNodeView(node: WithAddress<Node>): NodeView {
    const { address, participant, role, endpoints, status, tlsSpki, asn, verifiedEgress } = node;
    const { kilobitsPerSecond, expiresAt } = verifiedEgress;
    return {
        address: address.toBase58(),
        addressHex: toHex(address.toBytes()),
        participant: participant.toBase58(),
        role,
        endpoints: endpoints.map(({ ip, port }) => ({ ip, port })),
        isActive: status === 'active',
        spkiHex: tlsSpki.every((byte) => byte === 0) ? null : toHex(tlsSpki),
        asn,
        ...(kilobitsPerSecond === 0n
            ? {}
            : {
                  verifiedEgress: {
                      kilobitsPerSecond: kilobitsPerSecond.toString(),
                      expiresAtSecs: toSafe(expiresAt),
                  },
              }),
    };
}

function toClaimView(claim: WithAddress<CapacityClaim>): ClaimView {
    return {
        address: claim.address.toBase58(),
        node: claim.node.toBase58(),
        footprint: { kind: claim.footprint.kind, value: claim.footprint.value },
        validFromSecs: toSafe(claim.validFrom),
        validUntilSecs: toSafe(claim.validUntil),
        isEgress: claim.direction === 'egress',
        isActive: claim.status === 'active',
        kilobitsPerSecond: claim.kilobitsPerSecond.toString(),
        priceFloorPerGigabyte: claim.priceFloorPerGigabyte.toString(),
    };
}

function toContractView(contract: WithAddress<Contract>): ContractView {
    return {
        address: contract.address.toBase58(),
        addressHex: toHex(contract.address.toBytes()),
        seller: contract.seller.toBase58(),
        state: contract.state,
        issuers: contract.issuer.map((key, slot) => ({
            publicKeyHex: toHex(key.toBytes()),
            fromEpoch: contract.issuerFromEpoch[slot] ?? 0,
        })),
        genesisSecs: toSafe(contract.genesisAt),
        epochLengthSecs: contract.epochLengthSecs,
        epochCount: contract.epochCount,
        claims: contract.claims.map((claim) => claim.toBase58()),
    };
}

/** "For ever" is written as the largest i64, which no number holds. */
function toSafe(seconds: bigint): number {
    const limit = BigInt(Number.MAX_SAFE_INTEGER) / 1000n;
    return Number(seconds > limit ? limit : seconds < -limit ? -limit : seconds);
}
