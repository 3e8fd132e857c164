import { formatIp } from '@ocm/sdk/core';
import { AddressBits } from './address.js';

/** What is written of a client's address: enough to find its network, too little to find the client. */
const MASKED_LENGTH = { 4: 24, 6: 48 } as const;

function bytesOf({ family, words }: AddressBits): Uint8Array {
    const bytes = new Uint8Array(family === 4 ? 4 : 16);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 4) view.setInt32(at, words[at >> 2]!);
    return bytes;
}

/** Dotted quad, or RFC 5952. */
export const addressText = (bits: AddressBits): string => formatIp(bytesOf(bits));

/** CIDR text of the first `length` bits. */
export function networkText(bits: AddressBits, length: number): string {
    const masked = new AddressBits();
    masked.family = bits.family;
    for (let i = 0; i < 4; i += 1) {
        const kept = Math.min(32, Math.max(0, length - 32 * i));
        masked.words[i] = kept === 0 ? 0 : bits.words[i]! & (-1 << (32 - kept));
    }
    return `${addressText(masked)}/${length}`;
}

/** The client's network: /24 or /48, and never more of it. */
export const maskedNetwork = (bits: AddressBits, length = 128): string =>
    networkText(bits, Math.min(length, MASKED_LENGTH[bits.family]));
