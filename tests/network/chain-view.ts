import { createHash } from 'node:crypto';
import type { TopologyView } from '@ocm/node';

/** Where every node of a stage serves viewers. */
export const PORT = 4_000;
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A name as an address: 44 characters of the base58 alphabet. */
export function addressOf(name: string): string {
    const bytes = [...createHash('sha256').update(name).digest(), ...createHash('sha256').update(`${name}.`).digest()];
    return bytes
        .slice(0, 44)
        .map((byte) => alphabet[byte % 58])
        .join('');
}
const hexOf = (name: string): string => createHash('sha256').update(name).digest('hex');

export interface PlacedNode {
    name: string;
    role: 'cast' | 'relay';
    ip: string;
}

/** One operator that sells all its RELAYs' claims for the network; what nodes would read of a chain. */
export function viewOf(nodes: readonly PlacedNode[], network: string): TopologyView {
    const nowSecs = Math.floor(Date.now() / 1_000);
    const participant = addressOf('operator');
    const relays = nodes.filter(({ role }) => role === 'relay');
    const claims = relays.map(({ name }) => ({
        address: addressOf(`claim of ${name}`),
        node: addressOf(name),
        footprint: { kind: 'ipv4cidr' as const, value: network },
        validFromSecs: nowSecs - 100,
        validUntilSecs: nowSecs + 100_000,
        isEgress: true,
        isActive: true,
    }));
    return {
        readAtMs: nowSecs * 1_000,
        clusterTag: 1,
        isDevelopment: true,
        params: { creditBytes: String(8 << 20), maxTokenBytes: String(2 ** 36), tokenGraceSecs: 600 },
        nodes: nodes.map(({ name, role, ip }) => ({
            address: addressOf(name),
            addressHex: hexOf(name),
            participant,
            role,
            endpoints: [{ ip, port: PORT }],
            isActive: true,
            spkiHex: null,
        })),
        claims,
        contracts: [
            {
                address: addressOf('contract'),
                addressHex: hexOf('contract'),
                seller: participant,
                state: 'active',
                issuers: [],
                genesisSecs: nowSecs - 1,
                epochLengthSecs: 3_600,
                epochCount: 1_000,
                claims: claims.map(({ address }) => address),
            },
        ],
    };
}
