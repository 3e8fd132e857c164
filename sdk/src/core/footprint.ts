import { compareBytes, concatBytes, equalBytes, fromUtf8, utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';
import { assertLength } from './fields.js';
import { formatIp, isMappedIpv4, parseIp, parseIpv4, parseIpv6 } from './ip.js';
import { computeAuditPath, computeTreeHead, verifyAuditPath } from './record-tree.js';

/** Encoded length: kind, prefix length, value. */
export const FOOTPRINT_BYTES = 18;
/** Footprint types of RFC 8006 and RFC 9388 plus `any`, in the order of their numbers on chain (0 to 5). */
export const FOOTPRINT_KINDS = ['any', 'ipv4cidr', 'ipv6cidr', 'asn', 'countrycode', 'subdivisioncode'] as const;
export type FootprintKind = (typeof FOOTPRINT_KINDS)[number];

const VALUE_BYTES = 16;
const MAX_ASN = 2 ** 32 - 1;

/**
 * Where a node can serve. Values: `any` → `''`, `ipv4cidr` → `192.0.2.0/24`, `ipv6cidr` → `2001:db8::/32`,
 * `asn` → `as64496`, `countrycode` → `us`, `subdivisioncode` → `us-ny`.
 */
export interface Footprint {
    readonly kind: FootprintKind;
    readonly value: string;
}

/** What is known of a client besides its address. What is unknown matches nothing. */
export interface ClientFacts {
    readonly asn?: number;
    /** ISO 3166-1 alpha-2, lowercase. */
    readonly countryCode?: string;
    /** ISO 3166-2, lowercase. */
    readonly subdivisionCode?: string;
}

/** 18 canonical bytes: one set of clients has one encoding. Throws MKT_CORE__FOOTPRINT_INVALID. */
export function encodeFootprint(footprint: Footprint): Uint8Array {
    const { prefixLength, value } = encodeValue(footprint);
    const bytes = new Uint8Array(FOOTPRINT_BYTES);
    bytes[0] = FOOTPRINT_KINDS.indexOf(footprint.kind);
    bytes[1] = prefixLength;
    bytes.set(value, 2);
    return bytes;
}

/** Refuses everything that {@link encodeFootprint} would not write. Throws MKT_CORE__FIELD_LENGTH_WRONG, MKT_CORE__FOOTPRINT_INVALID. */
export function decodeFootprint(bytes: Uint8Array): Footprint {
    assertLength('footprint', bytes, FOOTPRINT_BYTES);
    const kind = FOOTPRINT_KINDS[bytes[0] as number];
    if (kind === undefined) throw invalid('unknown', bytes[0], 'use kind 0 to 5');
    const footprint = { kind, value: decodeValue(kind, bytes[1] as number, bytes.subarray(2)) };
    if (!equalBytes(encodeFootprint(footprint), bytes)) {
        throw invalid(kind, footprint.value, 'clear host bits and unused bytes');
    }
    return footprint;
}

/** Whether a client is in a footprint. Throws MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__IP_INVALID. */
export function footprintContains(footprint: Footprint, ip: string, facts: ClientFacts = {}): boolean {
    const { prefixLength, value } = encodeValue(footprint);
    const address = parseIp(ip);
    switch (footprint.kind) {
        case 'any':
            return true;
        case 'ipv4cidr':
            return address.length === 4 && hasPrefix(address, value, prefixLength);
        case 'ipv6cidr':
            return address.length === VALUE_BYTES && hasPrefix(address, value, prefixLength);
        case 'asn':
            return facts.asn !== undefined && footprint.value === `as${facts.asn}`;
        case 'countrycode':
            return footprint.value === facts.countryCode;
        case 'subdivisioncode':
            return footprint.value === facts.subdivisionCode;
    }
}

/** RFC 9162 tree head over the encodings in ascending order, each once: `footprint_root` of a node. */
export function computeFootprintRoot(footprints: readonly Footprint[]): Uint8Array {
    return computeTreeHead(sortedEncodings(footprints));
}

/** The place of a footprint in a node's tree and the hashes that prove it, bottom-up. */
export interface FootprintProof {
    readonly index: number;
    readonly size: number;
    readonly path: readonly Uint8Array[];
}

/** Proves that a footprint is one of a node's. Throws MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__FOOTPRINT_NOT_LISTED. */
export function computeFootprintProof(footprints: readonly Footprint[], footprint: Footprint): FootprintProof {
    const entries = sortedEncodings(footprints);
    const entry = encodeFootprint(footprint);
    const index = entries.findIndex((candidate) => equalBytes(candidate, entry));
    if (index < 0) throw new MarketplaceError('MKT_CORE__FOOTPRINT_NOT_LISTED', { ...footprint });
    return { index, size: entries.length, path: computeAuditPath(entries, index) };
}

/** Whether a footprint stands under a root. Throws MKT_CORE__FOOTPRINT_INVALID. */
export function verifyFootprintProof(root: Uint8Array, footprint: Footprint, proof: FootprintProof): boolean {
    return verifyAuditPath({ root, entry: encodeFootprint(footprint), ...proof });
}

function sortedEncodings(footprints: readonly Footprint[]): Uint8Array[] {
    const encodings = footprints.map(encodeFootprint).sort(compareBytes);
    return encodings.filter((bytes, i) => i === 0 || compareBytes(bytes, encodings[i - 1]!) !== 0);
}

interface EncodedValue {
    readonly prefixLength: number;
    readonly value: Uint8Array;
}

function encodeValue({ kind, value }: Footprint): EncodedValue {
    switch (kind) {
        case 'any':
            if (value !== '') throw invalid(kind, value, "use the value ''");
            return { prefixLength: 0, value: new Uint8Array(VALUE_BYTES) };
        case 'ipv4cidr':
            return encodeCidr(kind, value, parseIpv4);
        case 'ipv6cidr':
            return encodeCidr(kind, value, parseIpv6);
        case 'asn':
            return { prefixLength: 0, value: encodeAsn(value) };
        case 'countrycode':
            return encodeCode(kind, value, /^[a-z]{2}$/, 'use two lowercase letters of ISO 3166-1, such as us');
        case 'subdivisioncode':
            return encodeCode(
                kind,
                value,
                /^[a-z]{2}-[a-z0-9]{1,3}$/,
                'use a lowercase code of ISO 3166-2, such as us-ny',
            );
        default:
            throw invalid(String(kind), value, `use one of ${FOOTPRINT_KINDS.join(', ')}`);
    }
}

function encodeCidr(kind: FootprintKind, text: string, parse: (ip: string) => Uint8Array | undefined): EncodedValue {
    const [, ip = '', length = ''] = /^([^/]{1,45})\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
    const address = parse(ip);
    const prefixLength = Number(length);
    if (address === undefined || length === '' || prefixLength > address.length * 8) {
        throw invalid(kind, text, 'use address/length, such as 192.0.2.0/24 or 2001:db8::/32');
    }
    if (hostBits(address, prefixLength).some((byte) => byte !== 0)) {
        throw invalid(kind, text, 'clear the bits after the prefix');
    }
    if (isMappedIpv4(address) && prefixLength >= 96) throw invalid(kind, text, 'name IPv4 clients by ipv4cidr');
    const value = new Uint8Array(VALUE_BYTES);
    value.set(address);
    return { prefixLength, value };
}

function encodeAsn(text: string): Uint8Array {
    const asn = /^as[1-9][0-9]{0,9}$/.test(text) ? Number(text.slice(2)) : 0;
    // AS 0 is reserved and names nobody (RFC 7607).
    if (asn < 1 || asn > MAX_ASN) throw invalid('asn', text, 'use a lowercase number from as1 to as4294967295');
    const value = new Uint8Array(VALUE_BYTES);
    new DataView(value.buffer).setUint32(0, asn, false);
    return value;
}

function encodeCode(kind: FootprintKind, text: string, form: RegExp, remedy: string): EncodedValue {
    if (!form.test(text)) throw invalid(kind, text, remedy);
    return { prefixLength: 0, value: concatBytes(utf8(text), new Uint8Array(VALUE_BYTES - text.length)) };
}

function decodeValue(kind: FootprintKind, prefixLength: number, value: Uint8Array): string {
    switch (kind) {
        case 'any':
            return '';
        case 'ipv4cidr':
            return `${formatIp(value.subarray(0, 4))}/${prefixLength}`;
        case 'ipv6cidr':
            return `${formatIp(value)}/${prefixLength}`;
        case 'asn':
            return `as${new DataView(value.buffer, value.byteOffset).getUint32(0, false)}`;
        case 'countrycode':
        case 'subdivisioncode': {
            const end = value.indexOf(0);
            return fromUtf8(value.subarray(0, end === -1 ? VALUE_BYTES : end));
        }
    }
}

/** Whether the first `bits` bits are equal. */
function hasPrefix(address: Uint8Array, network: Uint8Array, bits: number): boolean {
    const whole = bits >> 3;
    const rest = bits & 7;
    if (!equalBytes(address.subarray(0, whole), network.subarray(0, whole))) return false;
    const mask = (0xff << (8 - rest)) & 0xff;
    return rest === 0 || ((address[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask);
}

/** The address with its first `bits` bits cleared. */
function hostBits(address: Uint8Array, bits: number): Uint8Array {
    return address.map((byte, i) => byte & (0xff >> Math.min(8, Math.max(0, bits - 8 * i))));
}

function invalid(kind: string, value: unknown, remedy: string): MarketplaceError {
    return new MarketplaceError('MKT_CORE__FOOTPRINT_INVALID', { kind, value, remedy });
}
