import { z } from 'zod';
import { utf8 } from '../core/bytes.js';
import { address, base64Of, SIGNATURE_BYTES } from './primitives.js';

/** Where a BEACON gets a token by which the router knows its household. */
export const DEVICES_PATH = '/.well-known/ocm/devices';
/** Request header, query parameter and cookie that carry a household's token to the router. */
export const DEVICE_HEADER = 'ocm-device';

export const deviceRequest = z.object({
    beacon: address,
    /** Where viewers of the household reach the BEACON: an address, often a private one. */
    host: z.union([z.ipv4(), z.ipv6()]),
    port: z.number().int().min(1).max(65_535),
    timestampMs: z.number().int().positive(),
    /** Ed25519 by the BEACON's key over `encodeDeviceProof`. */
    signature: base64Of(SIGNATURE_BYTES),
});
export type DeviceRequest = z.infer<typeof deviceRequest>;
export const deviceResponse = z.object({ token: z.string().max(200), expiresAtMs: z.number().int() });
export type DeviceResponse = z.infer<typeof deviceResponse>;

/**
 * What a BEACON signs to get a token for its household: no field can hold the separator.
 *
 * @example sign(seed, encodeDeviceProof({ cast, beacon, host: '192.168.1.20', port: 8080, timestampMs: Date.now() }));
 */
export const encodeDeviceProof = (
    proof: Omit<DeviceRequest, 'signature'> & {
        /** Address of the CAST that is asked: no other takes the proof. */
        cast: string;
    },
): Uint8Array => utf8(['OCM/device/v1', proof.cast, proof.beacon, proof.host, proof.port, proof.timestampMs].join('|'));
