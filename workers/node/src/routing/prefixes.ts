import ipaddr from 'ipaddr.js';
import type { ClaimView } from '../topology/view.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** One set of addresses; null covers all of both families. */
export interface Prefix {
    network: Address | null;
    length: number;
}

/** IPv4-mapped IPv6 counts as IPv4, as sockets of both families report it. Null if the text is no address. */
export function parseAddress(text: string): Address | null {
    const plain = text.split('%', 1)[0] ?? '';
    if (!ipaddr.IPv4.isValidFourPartDecimal(plain) && !ipaddr.IPv6.isValid(plain)) return null;
    return ipaddr.process(plain);
}

export function parsePrefix(text: string): Prefix | null {
    try {
        const [network, length] = ipaddr.parseCIDR(text);
        return { network, length };
    } catch {
        return null;
    }
}

export function contains({ network, length }: Prefix, address: Address): boolean {
    if (network === null) return true;
    return network.kind() === address.kind() && address.match(network, length);
}

/** Numbers of an ASN footprint are written `as64496` (RFC 9388) on chain, plain in the operator's table. */
const asnDigits = (value: string): string => value.replace(/^as/i, '');

/**
 * The prefixes that a claim covers; null if this router cannot tell (country and subdivision need a geo table).
 * @param asnPrefixes the operator's table of what each ASN announces
 */
export function prefixesOf(
    { footprint }: Pick<ClaimView, 'footprint'>,
    asnPrefixes: Readonly<Record<string, readonly string[]>>,
): Prefix[] | null {
    switch (footprint.kind) {
        case 'any':
            return [{ network: null, length: 0 }];
        case 'ipv4cidr':
        case 'ipv6cidr': {
            const prefix = parsePrefix(footprint.value);
            return prefix === null ? null : [prefix];
        }
        case 'asn': {
            const listed = asnPrefixes[asnDigits(footprint.value)];
            if (listed === undefined) return null;
            return listed.flatMap((text) => parsePrefix(text) ?? []);
        }
        default:
            return null;
    }
}

/** Longest covering prefix, or null. */
export function longestMatch(prefixes: readonly Prefix[], address: Address): number | null {
    const lengths = prefixes.filter((prefix) => contains(prefix, address)).map(({ length }) => length);
    return lengths.length === 0 ? null : Math.max(...lengths);
}
