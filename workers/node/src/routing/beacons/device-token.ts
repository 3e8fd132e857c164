import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AddressBits } from '../address.js';
import { addressText, networkText } from '../address-text.js';

/** A BEACON renews in time; what a viewer leaks is of no use after it. */
export const DEVICE_TOKEN_SECS = 900;
const VERSION = 1;
const NETWORK_BYTES = 7;
const BEACON_BYTES = 8;
const ENDPOINT_BYTES = 18;
const MAC_BYTES = 16;
const BODY_BYTES = 1 + 4 + 1 + NETWORK_BYTES + BEACON_BYTES + 1 + ENDPOINT_BYTES;
const TEXT_LENGTH = Math.ceil(((BODY_BYTES + MAC_BYTES) * 4) / 3);
const KEY_LABEL = 'OCM/router/device/v1';
/** Bits that all addresses of one line share: a carrier's pool of IPv4, a delegated prefix of IPv6 (RFC 6177). */
const LINE_BITS = { 4: 24, 6: 56 } as const;

/** Whose household a token speaks for, and where its viewers reach the BEACON. */
export interface DeviceGrant {
    /** First bytes of the SHA-256 of the BEACON's address, in hexadecimal. */
    beaconId: string;
    host: string;
    port: number;
}
/** Why a token counts or does not. */
export type DeviceVerdict =
    | 'none'
    | 'accepted'
    | 'malformed'
    | 'forged'
    | 'expired'
    | 'of another network'
    | 'of an unknown BEACON';

export const beaconIdOf = (beacon: string): string =>
    createHash('sha256').update(beacon).digest().subarray(0, BEACON_BYTES).toString('hex');

/**
 * Tokens by which a CAST knows a BEACON's household where the address does not tell: behind carrier-grade NAT and with IPv6
 * privacy addresses. Only whoever holds the operator's secret can make one; it holds for the line it was given to, and not long.
 */
export class DeviceTokens {
    readonly #key: Buffer;

    constructor(operatorSecret: string) {
        this.#key = createHmac('sha256', operatorSecret).update(KEY_LABEL).digest();
    }

    /** @param from the address from which the BEACON asked; endpoint: bits of its address in the household */
    issue(beacon: string, from: AddressBits, endpoint: { bits: AddressBits; port: number }, nowMs: number): string {
        const body = Buffer.alloc(BODY_BYTES);
        body.writeUInt8(VERSION, 0);
        body.writeUInt32BE(Math.floor(nowMs / 1000) + DEVICE_TOKEN_SECS, 1);
        body.writeUInt8(from.family, 5);
        lineOf(from).copy(body, 6);
        Buffer.from(beaconIdOf(beacon), 'hex').copy(body, 6 + NETWORK_BYTES);
        const at = 6 + NETWORK_BYTES + BEACON_BYTES;
        body.writeUInt8(endpoint.bits.family, at);
        endpoint.bits.words.forEach((word, i) => void body.writeInt32BE(word, at + 1 + 4 * i));
        body.writeUInt16BE(endpoint.port, at + 17);
        return Buffer.concat([body, this.#mac(body)]).toString('base64url');
    }

    /** The same for the same input: replay can ask again. */
    judge(token: string, from: AddressBits, nowMs: number): { verdict: DeviceVerdict; grant: DeviceGrant | null } {
        const refuse = (verdict: DeviceVerdict) => ({ verdict, grant: null });
        if (token.length !== TEXT_LENGTH || !/^[A-Za-z0-9_-]+$/.test(token)) return refuse('malformed');
        const bytes = Buffer.from(token, 'base64url');
        const body = bytes.subarray(0, BODY_BYTES);
        if (!timingSafeEqual(this.#mac(body), bytes.subarray(BODY_BYTES))) return refuse('forged');
        if (body.readUInt8(0) !== VERSION) return refuse('malformed');
        if (body.readUInt32BE(1) * 1000 <= nowMs) return refuse('expired');
        const isSameLine =
            body.readUInt8(5) === from.family && lineOf(from).equals(body.subarray(6, 6 + NETWORK_BYTES));
        if (!isSameLine) return refuse('of another network');
        return { verdict: 'accepted', grant: readGrant(body) };
    }

    #mac(body: Uint8Array): Buffer {
        return createHmac('sha256', this.#key).update(body).digest().subarray(0, MAC_BYTES);
    }
}

function readGrant(body: Buffer): DeviceGrant {
    const at = 6 + NETWORK_BYTES;
    const endpointAt = at + BEACON_BYTES;
    const bits = new AddressBits();
    bits.family = body.readUInt8(endpointAt) === 4 ? 4 : 6;
    for (let i = 0; i < 4; i += 1) bits.words[i] = body.readInt32BE(endpointAt + 1 + 4 * i);
    return {
        beaconId: body.subarray(at, endpointAt).toString('hex'),
        host: addressText(bits),
        port: body.readUInt16BE(endpointAt + 17),
    };
}

/** The network that one line may have, as text. */
export const lineText = (bits: AddressBits): string => networkText(bits, LINE_BITS[bits.family]);

/** The bits that the whole line shares, the rest zero. */
function lineOf({ family, words }: AddressBits): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(words[0]!, 0);
    bytes.writeInt32BE(words[1]!, 4);
    bytes.fill(0, LINE_BITS[family] / 8);
    return bytes.subarray(0, NETWORK_BYTES);
}
