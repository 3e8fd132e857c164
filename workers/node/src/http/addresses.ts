import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [network: Address, length: number];

/** IPv4-mapped IPv6 counts as IPv4, as sockets of both families report it. Null if the text is no address. */
export function readAddress(text: string): Address | null {
    const plain = text.split('%', 1)[0] ?? '';
    if (!ipaddr.IPv4.isValidFourPartDecimal(plain) && !ipaddr.IPv6.isValid(plain)) return null;
    return ipaddr.process(plain);
}

/** Base URL of a node at an address. */
export const urlOf = (host: string, port: number): string =>
    `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Null if the text is no CIDR prefix. */
export function readNetwork(text: string): Network | null {
    return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null;
}

/** Of texts that a schema has looked at. */
export const readNetworks = (texts: readonly string[]): Network[] =>
    texts.map(readNetwork).filter((network) => network !== null);

export function isWithin(address: Address, [network, length]: Network): boolean {
    return network.kind() === address.kind() && address.match(network, length);
}

/** The prefix of this length around an address, as text. */
export function networkOf(address: Address, length: number): string {
    const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
    return `${family.networkAddressFromCIDR(`${address.toString()}/${length}`).toString()}/${length}`;
}

/** Not of this machine, of its network, of a cloud's metadata service, nor an address that hides one of those (NAT64, 6to4). */
export const isPublic = (address: Address): boolean => address.range() === 'unicast';
