import ipaddr from 'ipaddr.js';

/** EDNS client subnet (RFC 7871): the part of a viewer's address that its resolver tells. */
export interface ClientSubnet {
    family: 1 | 2;
    sourcePrefixLength: number;
    /** The prefix's first address, as text. */
    address: string;
}
const CLIENT_SUBNET = 8;
const HEADER_BYTES = 4;

/** Null: malformed, to be answered FORMERR (RFC 7871 7.1.2). Undefined: the option tells nothing. */
export function parseClientSubnet(data: Buffer): ClientSubnet | null | undefined {
    if (data.length < HEADER_BYTES) return null;
    const family = data.readUInt16BE(0);
    const sourcePrefixLength = data.readUInt8(2);
    const scopePrefixLength = data.readUInt8(3);
    const bytes = data.subarray(HEADER_BYTES);
    // Privacy: "do not use my address" is a prefix of length 0, of either family or none.
    if (sourcePrefixLength === 0) return scopePrefixLength === 0 && bytes.length === 0 ? undefined : null;
    if (family !== 1 && family !== 2) return null;
    const widthBytes = family === 1 ? 4 : 16;
    if (sourcePrefixLength > widthBytes * 8 || scopePrefixLength !== 0) return null;
    if (bytes.length !== Math.ceil(sourcePrefixLength / 8)) return null;
    const spare = bytes.length * 8 - sourcePrefixLength;
    if (((bytes.at(-1) ?? 0) & ((1 << spare) - 1)) !== 0) return null;
    const padded = Buffer.alloc(widthBytes);
    bytes.copy(padded);
    return { family, sourcePrefixLength, address: ipaddr.fromByteArray([...padded]).toString() };
}

/** The option of the answer: the question's own prefix, and for how much of it the answer holds. */
export function encodeClientSubnet(data: Buffer, scopePrefixLength: number): { code: number; data: Buffer } {
    const echoed = Buffer.from(data);
    echoed.writeUInt8(scopePrefixLength, 3);
    return { code: CLIENT_SUBNET, data: echoed };
}

export const isClientSubnet = ({ code }: { code: number | string }): boolean => code === CLIENT_SUBNET;
