import { formatIp, isMappedIpv4, parseIpv4, parseIpv6 } from '../core/ip.js';
import { argumentError } from '../errors/sdk-error.js';

/** Where a node listens. */
export interface Endpoint {
    /** IPv4 or IPv6 address as text. */
    readonly ip: string;
    /** UDP or TCP port, 1 to 65535. */
    readonly port: number;
}

/** An endpoint as the registry stores it: 16 bytes of IPv6, IPv4 as `::ffff:a.b.c.d`; all zero when unused. */
export interface StoredEndpoint {
    readonly ip: Uint8Array;
    readonly port: number;
}

const IPV6_BYTES = 16;

/** Both places of a node's endpoints. @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID */
export function encodeEndpoints(endpoints: readonly Endpoint[]): StoredEndpoint[] {
    if (endpoints.length < 1 || endpoints.length > 2) throw argumentError('endpoints', 'one or two endpoints');
    return [0, 1].map((place) => {
        const endpoint = endpoints[place];
        return endpoint ? encodeEndpoint(endpoint, place) : { ip: new Uint8Array(IPV6_BYTES), port: 0 };
    });
}

function encodeEndpoint({ ip, port }: Endpoint, place: number): StoredEndpoint {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw argumentError(`endpoints[${place}].port`, 'an integer from 1 to 65535');
    }
    const ipv4 = parseIpv4(ip);
    const bytes = ipv4 ? Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...ipv4) : parseIpv6(ip);
    if (bytes === undefined) throw argumentError(`endpoints[${place}].ip`, 'an IPv4 or IPv6 address without zone');
    return { ip: bytes, port };
}

/** The used places of a node's endpoints. */
export function decodeEndpoints(stored: readonly StoredEndpoint[]): Endpoint[] {
    return stored
        .filter(({ port }) => port !== 0)
        .map(({ ip, port }) => ({ ip: formatIp(isMappedIpv4(ip) ? ip.slice(IPV6_BYTES - 4) : ip), port }));
}
