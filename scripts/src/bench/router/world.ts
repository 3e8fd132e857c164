import { createHash } from 'node:crypto';
import type { HealthPort, TopologyView } from '@ocm/node';
import type { GeneratedPrefix } from './prefixes.js';

const NODES = 1_000;
const NOW_SECS = 1_800_000_000;
export const NOW_MS = NOW_SECS * 1_000;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** 44 characters of the base58 alphabet and the bytes that stand for it. */
function named(name: string): { address: string; addressHex: string } {
    const digest = createHash('sha512').update(name).digest();
    const address = [...digest.subarray(0, 44)].map((byte) => ALPHABET[byte % 58]).join('');
    return { address, addressHex: digest.subarray(32).toString('hex') };
}
export const CAST = named('cast');
const OPERATOR = named('operator').address;
const relays = Array.from({ length: NODES }, (_, i) => named(`relay ${i}`));

function claimOf({ cidr }: GeneratedPrefix, i: number): TopologyView['claims'][number] {
    return {
        // Tables of this size are never on chain yet: any text of the right form that is told apart will do.
        address: `claim${String(i).padStart(39, '0')}`,
        node: relays[i % NODES]?.address ?? '',
        footprint: { kind: cidr.includes(':') ? 'ipv6cidr' : 'ipv4cidr', value: cidr },
        validFromSecs: NOW_SECS - 1_000,
        validUntilSecs: NOW_SECS + 1_000_000,
        isEgress: true,
        isActive: true,
        kilobitsPerSecond: String(1_000_000 + i),
        priceFloorPerGigabyte: String(10_000 + (i % 1_000)),
    };
}

/** An operator with a thousand RELAYs and a claim for each prefix, all sold. */
export function createView(prefixes: readonly GeneratedPrefix[]): TopologyView {
    const claims = prefixes.map(claimOf);
    const node = (name: typeof CAST, role: 'cast' | 'relay', port: number): TopologyView['nodes'][number] => ({
        ...name,
        participant: OPERATOR,
        role,
        endpoints: [{ ip: '203.0.113.1', port }],
        isActive: true,
        spkiHex: null,
    });
    return {
        readAtMs: NOW_MS,
        clusterTag: 1,
        isDevelopment: false,
        params: { creditBytes: '8388608', maxTokenBytes: '68719476736', tokenGraceSecs: 600 },
        nodes: [node(CAST, 'cast', 80), ...relays.map((relay, i) => node(relay, 'relay', 1_024 + i))],
        claims,
        contracts: [
            {
                ...named('contract'),
                seller: OPERATOR,
                state: 'active',
                issuers: [],
                genesisSecs: NOW_SECS - 1_000,
                epochLengthSecs: 3_600,
                epochCount: 1_000,
                claims: claims.map(({ address }) => address),
            },
        ],
    };
}

/** Every RELAY is up, with a load and a latency of its own. */
export function createHealth(): HealthPort {
    const seen = new Map(
        relays.map(({ address }, i) => [
            address,
            { healthy: true, draining: false, loadKilobitsPerSecond: (i * 997) % 800_000, latencyMs: 1 + (i % 60) },
        ]),
    );
    return {
        isHealthy: (node) => seen.get(node)?.healthy ?? false,
        observe: (node) => seen.get(node),
        snapshotId: () => 1,
        close: async () => undefined,
    };
}
