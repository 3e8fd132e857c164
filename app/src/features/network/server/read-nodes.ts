import type { NodeLicence } from '@ocm/sdk';
import type { MarketSource } from '../../live/server/market-source';
import type { CapacityClaimView, LicenceView, NodeView } from '../../live/snapshot';
import { formatFootprint } from '../footprint';
import type { LicenceReader } from './read-licences';

export type ChainNodes = Awaited<ReturnType<typeof readChainNodes>>;

/** More than a page can show. */
export const MAX_NODES = 500;

export async function readChainNodes(source: MarketSource, licenceReader: LicenceReader) {
    const [all, claims, participants] = await Promise.all([
        source.listNodes(),
        source.listCapacityClaims(),
        source.listParticipants(),
    ]);
    const nodes = all.slice(0, MAX_NODES);
    const owners = new Map(participants.map(({ address, owner }) => [address.toBase58(), owner]));
    const licences = await licenceReader.read(
        nodes.flatMap(({ address: node, participant }) => {
            const owner = owners.get(participant.toBase58());
            return owner ? [{ node, owner }] : [];
        }),
    );
    return { nodes, claims, participants, licences };
}

function toLicenceView(licence: NodeLicence): LicenceView {
    return {
        mint: licence.mint.toBase58(),
        name: licence.name,
        holder: licence.holder?.toBase58() ?? null,
        meaning: licence.meaning,
    };
}

function toClaimView(claim: ChainNodes['claims'][number]): CapacityClaimView {
    return {
        address: claim.address.toBase58(),
        footprint: formatFootprint(claim.footprint),
        direction: claim.direction,
        kilobitsPerSecond: claim.kilobitsPerSecond.toString(),
        committedKilobitsPerSecond: claim.committedKilobitsPerSecond.toString(),
        priceFloorPerGigabyte: claim.priceFloorPerGigabyte.toString(),
        status: claim.status,
    };
}

function formatEndpoint({ ip, port }: { ip: string; port: number }): string {
    return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** What the chain says about the nodes, before any of them is asked. CASTs first, then by index. */
export function toNodeViews(chain: ChainNodes, labels: Readonly<Record<string, string>>): NodeView[] {
    const order = ['cast', 'relay', 'beacon', 'cdn'];
    return chain.nodes
        .map((node): NodeView => {
            const address = node.address.toBase58();
            const endpoint = node.endpoints[0];
            const licence = chain.licences.get(address);
            return {
                address,
                participant: node.participant.toBase58(),
                label: labels[address] ?? null,
                role: node.role,
                index: node.index,
                endpoint: endpoint ? formatEndpoint(endpoint) : null,
                asn: node.asn,
                claims: chain.claims
                    .filter((claim) => claim.node.equals(node.address) && claim.status === 'active')
                    .map(toClaimView)
                    .sort((a, b) => a.footprint.localeCompare(b.footprint)),
                claimEgressKilobitsPerSecond: node.claimEgressKilobitsPerSecond.toString(),
                verifiedEgressKilobitsPerSecond: node.verifiedEgress.kilobitsPerSecond.toString(),
                committedKilobitsPerSecond: node.committedKilobitsPerSecond.toString(),
                health: 'unknown',
                healthReason: 'Not asked yet.',
                status: null,
                licence: licence ? toLicenceView(licence) : null,
            };
        })
        .sort(
            (a, b) =>
                order.indexOf(a.role) - order.indexOf(b.role) ||
                a.participant.localeCompare(b.participant) ||
                a.index - b.index,
        );
}
