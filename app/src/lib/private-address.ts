/** IPv4 and IPv6 ranges that are not on the public Internet (RFC 6890): loopback, private, link-local, shared, reserved, multicast. */
const PRIVATE_V4: readonly (readonly [number, number])[] = [
    [0x00000000, 8],
    [0x0a000000, 8],
    [0x64400000, 10],
    [0x7f000000, 8],
    [0xa9fe0000, 16],
    [0xac100000, 12],
    [0xc0000000, 24],
    [0xc0a80000, 16],
    [0xc6120000, 15],
    [0xe0000000, 3],
];

function parseV4(host: string): number | null {
    const parts = host.split('.').map(Number);
    if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return null;
    return parts.reduce((value, part) => value * 256 + part, 0);
}

/** @param host as `URL.hostname` gives it. Anything that is not plainly a public IPv4 or global IPv6 address counts as private. */
export function isPrivateAddress(host: string): boolean {
    const v4 = parseV4(host);
    if (v4 !== null) {
        return PRIVATE_V4.some(
            ([base, length]) => Math.floor(v4 / 2 ** (32 - length)) === Math.floor(base / 2 ** (32 - length)),
        );
    }
    const v6 = /^\[([0-9a-f:]+)\]$/i.exec(host)?.[1];
    // 2000::/3 is the only global unicast space; IPv4-mapped addresses are outside it.
    return !v6 || !/^[23][0-9a-f]{3}:/i.test(v6);
}
