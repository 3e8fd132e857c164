import { AddressBits, parseAddressInto } from '../address.js';
import { addressText, networkText } from '../address-text.js';
import { parsePrefixBits } from '../prefix-bits.js';
import { PrefixTable } from '../table/prefix-table.js';
import { lineText } from './device-token.js';

/** Of private use (RFC 1918, RFC 4193), of one link (RFC 3927, RFC 4291 2.5.6), and this machine itself. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8'];
const PRIVATE_IPV6 = ['fc00::/7', 'fe80::/10', '::1/128'];
/** Of one home network. */
const NETWORK_BITS = { 4: 24, 6: 64 } as const;

const privateNetworks = new PrefixTable();
for (const text of [...PRIVATE, ...PRIVATE_IPV6]) {
    const prefix = parsePrefixBits(text);
    if (prefix !== null) privateNetworks.set(prefix.bits, prefix.length, 0);
}
privateNetworks.publish();

const HOMES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];
const homeNetworks = new PrefixTable();
for (const text of HOMES) {
    const prefix = parsePrefixBits(text);
    if (prefix !== null) homeNetworks.set(prefix.bits, prefix.length, 0);
}
homeNetworks.publish();

/** Whether an address can only be of the household that asks from a line: private in a home, the line's own, or of its prefix. */
export function isOfHousehold(host: AddressBits, line: AddressBits): boolean {
    if (homeNetworks.longest(host) === 0) return true;
    if (host.family !== line.family) return false;
    // Many homes share a /24 of IPv4.
    const textOf = host.family === 4 ? addressText : lineText;
    return textOf(host) === textOf(line);
}

/** Whether two addresses are private and of one network. */
export function isSameLan(one: string, other: string): boolean {
    const [a, b] = [new AddressBits(), new AddressBits()];
    if (!parseAddressInto(one, a) || !parseAddressInto(other, b) || a.family !== b.family) return false;
    if (privateNetworks.longest(a) !== 0 || privateNetworks.longest(b) !== 0) return false;
    return networkText(a, NETWORK_BITS[a.family]) === networkText(b, NETWORK_BITS[b.family]);
}
