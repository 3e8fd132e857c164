import { MarketplaceError } from './error.js';

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const IPV6_GROUPS = 8;
const MAX_IP_TEXT = 45;

/** 4 bytes of a dotted quad without leading zeros (RFC 6943 3.1.1: other spellings mean other things elsewhere). */
export function parseIpv4(text: string): Uint8Array | undefined {
    if (!/^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/.test(text)) return undefined;
    const octets = text.split('.').map(Number);
    return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
}

/** 16 bytes of an IPv6 address in any form of RFC 4291 2.2, without zone. */
export function parseIpv6(text: string): Uint8Array | undefined {
    if (text.length > MAX_IP_TEXT || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
    const halves = text.split('::');
    if (halves.length > 2) return undefined;
    const head = parseGroups(halves[0] ?? '', halves.length === 1);
    const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
    if (head === undefined || tail === undefined) return undefined;
    const gap = IPV6_GROUPS - head.length - tail.length;
    // "::" stands for at least one group (RFC 4291 2.2; RFC 5952 4.2.2 writes none for a single one).
    if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
    const groups = [...head, ...new Array<number>(gap).fill(0), ...tail];
    return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/** 4 or 16 bytes of an address; an IPv4-mapped IPv6 address is the IPv4 address. Throws MKT_CORE__IP_INVALID. */
export function parseIp(text: string): Uint8Array {
    const bytes = parseIpv4(text) ?? parseIpv6(text);
    if (bytes === undefined) throw new MarketplaceError('MKT_CORE__IP_INVALID', { address: text });
    return isMappedIpv4(bytes) ? bytes.slice(IPV6_BYTES - IPV4_BYTES) : bytes;
}

/** Whether 16 bytes are in `::ffff:0:0/96`. */
export function isMappedIpv4(bytes: Uint8Array): boolean {
    if (bytes.length !== IPV6_BYTES) return false;
    return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
}

/** Dotted quad of 4 bytes, RFC 5952 text of 16. */
export function formatIp(bytes: Uint8Array): string {
    if (bytes.length === IPV4_BYTES) return bytes.join('.');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const groups = Array.from({ length: IPV6_GROUPS }, (_, i) => view.getUint16(2 * i, false));
    const { start, length } = longestZeroRun(groups);
    const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
    if (length < 2) return text(groups);
    return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
    if (text === '') return [];
    const groups: number[] = [];
    const parts = text.split(':');
    for (const [i, part] of parts.entries()) {
        const isLast = i === parts.length - 1;
        const quad = isLast && mayEndInIpv4 ? parseIpv4(part) : undefined;
        if (quad !== undefined) {
            const [a = 0, b = 0, c = 0, d = 0] = quad;
            groups.push((a << 8) | b, (c << 8) | d);
        } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
            groups.push(Number.parseInt(part, 16));
        } else {
            return undefined;
        }
    }
    return groups.length <= IPV6_GROUPS ? groups : undefined;
}

/** The first of the longest runs of zero groups (RFC 5952 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
    let best = { start: 0, length: 0 };
    for (let start = 0; start < groups.length; start++) {
        let end = start;
        while (groups[end] === 0) end++;
        if (end - start > best.length) best = { start, length: end - start };
    }
    return best;
}
