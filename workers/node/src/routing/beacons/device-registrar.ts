import { verify } from '@ocm/sdk/core';
import { type DeviceRequest, type DeviceResponse, encodeDeviceProof } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { RequestProblem } from '../../http/problem.js';
import type { Clock } from '../../ports.js';
import { AddressBits, parseAddressInto } from '../address.js';
import type { BeaconDirectory } from './beacon-directory.js';
import { DEVICE_TOKEN_SECS, type DeviceTokens } from './device-token.js';

/** Between the clocks of BEACON and CAST. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface RegistrarOptions {
    cast: string;
    beacons: BeaconDirectory;
    devices: DeviceTokens;
    now: Clock;
}

/** Gives each BEACON tokens for its household, from whatever address it asks. */
export class DeviceRegistrar {
    readonly #options: RegistrarOptions;
    /** Newest proof of each BEACON and when it came; as many entries as there are BEACONs in the config. */
    readonly #seen = new Map<string, { timestampMs: number; atMs: number }>();

    constructor(options: RegistrarOptions) {
        this.#options = options;
    }

    isRegistered(beacon: string, nowMs: number): boolean {
        const seen = this.#seen.get(beacon);
        return seen !== undefined && nowMs - seen.atMs < DEVICE_TOKEN_SECS * 1000;
    }

    /**
     * @param from peer address of the connection, to whose line the token is bound
     * @throws RequestProblem 403 MKT_NODE__BEACON_UNKNOWN, _DEVICE_PROOF_INVALID, _DEVICE_PROOF_STALE
     */
    register(request: DeviceRequest, from: string): DeviceResponse {
        const { cast, beacons, devices, now } = this.#options;
        const { beacon, host, port, timestampMs } = request;
        const nowMs = now();
        const key = beacons.find(beacon)?.key ?? null;
        if (key === null) {
            throw refusal(
                'MKT_NODE__BEACON_UNKNOWN',
                'Field "beacon": this CAST has no key of it; the operator adds it.',
            );
        }
        // Each proof counts once: who overhears it cannot have a token for another line.
        const isNew = timestampMs > (this.#seen.get(beacon)?.timestampMs ?? 0);
        if (Math.abs(timestampMs - nowMs) > CLOCK_TOLERANCE_MS || !isNew) {
            throw refusal('MKT_NODE__DEVICE_PROOF_STALE', 'Field "timestampMs": sign again, with the present time.');
        }
        const message = encodeDeviceProof({ cast, beacon, host, port, timestampMs });
        if (!verify(new PublicKey(key).toBytes(), message, Buffer.from(request.signature, 'base64'))) {
            throw refusal(
                'MKT_NODE__DEVICE_PROOF_INVALID',
                'Field "signature": sign the proof with the key of the BEACON.',
            );
        }
        const line = new AddressBits();
        const endpoint = new AddressBits();
        if (!parseAddressInto(from, line) || !parseAddressInto(host, endpoint)) {
            throw new RequestProblem(400, 'MKT_NODE__ADDRESS_INVALID', 'Field "host" must be an IPv4 or IPv6 address.');
        }
        this.#seen.set(beacon, { timestampMs, atMs: nowMs });
        const token = devices.issue(beacon, line, { bits: endpoint, port }, nowMs);
        return { token, expiresAtMs: (Math.floor(nowMs / 1000) + DEVICE_TOKEN_SECS) * 1000 };
    }
}

const refusal = (code: ConstructorParameters<typeof RequestProblem>[1], message: string): RequestProblem =>
    new RequestProblem(403, code, message);
