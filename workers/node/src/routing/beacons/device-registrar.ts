import { verify } from '@ocm/sdk/core';
import { type DeviceRequest, type DeviceResponse, encodeDeviceProof } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { RequestProblem } from '../../http/problem.js';
import type { Clock } from '../../ports.js';
import { AddressBits, parseAddressInto } from '../address.js';
import type { BeaconDirectory } from './beacon-directory.js';
import type { BeaconStanding } from './beacon-standing.js';
import { DEVICE_TOKEN_SECS, type DeviceTokens } from './device-token.js';
import { isOfHousehold } from './same-lan.js';

/** Between the clocks of BEACON and CAST. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface RegistrarOptions {
    cast: string;
    beacons: BeaconDirectory;
    standing: Pick<BeaconStanding, 'keyOf'>;
    /** How many may register without an entry in the config. */
    maxRegistered: number;
    devices: DeviceTokens;
    now: Clock;
}

/** Gives each BEACON tokens for its household, from whatever address it asks. */
export class DeviceRegistrar {
    readonly #options: RegistrarOptions;
    /** Newest proof of each BEACON and when it came; of those in the config, and of those that are registered. */
    readonly #seen = new Map<string, { timestampMs: number; atMs: number }>();

    constructor(options: RegistrarOptions) {
        this.#options = options;
    }

    isRegistered(beacon: string, nowMs: number): boolean {
        const seen = this.#seen.get(beacon);
        return seen !== undefined && nowMs - seen.atMs < DEVICE_TOKEN_SECS * 1000;
    }

    /** Without an entry in the config, by now. */
    registeredCount(nowMs: number): number {
        this.#forgetLapsed(nowMs);
        return this.#options.beacons.registered.size;
    }

    /**
     * @param from peer address of the connection, to whose line the token is bound
     * @throws RequestProblem 403 MKT_NODE__BEACON_UNKNOWN, _BEACON_INACTIVE, _DEVICE_PROOF_INVALID, _DEVICE_PROOF_STALE,
     * _DEVICE_HOST_FOREIGN; 503 _BEACON_UNREADABLE, _BEACONS_FULL
     */
    async register(request: DeviceRequest, from: string): Promise<DeviceResponse> {
        const { cast, beacons, standing, devices, now } = this.#options;
        const { beacon, host, port, timestampMs } = request;
        const [line, endpoint] = [new AddressBits(), new AddressBits()];
        if (!parseAddressInto(from, line) || !parseAddressInto(host, endpoint)) {
            throw new RequestProblem(400, 'MKT_NODE__ADDRESS_INVALID', 'Field "host" must be an IPv4 or IPv6 address.');
        }
        // What is stale needs no look at the chain.
        this.#refuseStale(beacon, timestampMs);
        const key = await standing.keyOf(beacon, from);
        const message = encodeDeviceProof({ cast, beacon, host, port, timestampMs });
        if (!verify(new PublicKey(key).toBytes(), message, Buffer.from(request.signature, 'base64'))) {
            throw refusal(
                'MKT_NODE__DEVICE_PROOF_INVALID',
                'Field "signature": sign the proof with the key of the BEACON.',
            );
        }
        // The same proof may have come twice while the chain was asked.
        this.#refuseStale(beacon, timestampMs);
        const nowMs = now();
        if (beacons.findConfigured(beacon) === undefined) this.#admit(request, { line, endpoint }, nowMs);
        this.#seen.set(beacon, { timestampMs, atMs: nowMs });
        const token = devices.issue(beacon, line, { bits: endpoint, port }, nowMs);
        return { token, expiresAtMs: (Math.floor(nowMs / 1000) + DEVICE_TOKEN_SECS) * 1000 };
    }

    /** Each proof counts once: who overhears it cannot have a token for another line. */
    #refuseStale(beacon: string, timestampMs: number): void {
        const isNew = timestampMs > (this.#seen.get(beacon)?.timestampMs ?? 0);
        if (Math.abs(timestampMs - this.#options.now()) <= CLOCK_TOLERANCE_MS && isNew) return;
        throw refusal('MKT_NODE__DEVICE_PROOF_STALE', 'Field "timestampMs": sign again, with the present time.');
    }

    /** Nobody vouches for a BEACON of the chain, so it may lead viewers to its own home only. */
    #admit(
        { beacon, host, port }: DeviceRequest,
        { line, endpoint }: { line: AddressBits; endpoint: AddressBits },
        nowMs: number,
    ): void {
        const { beacons, maxRegistered } = this.#options;
        if (!isOfHousehold(endpoint, line)) {
            throw refusal(
                'MKT_NODE__DEVICE_HOST_FOREIGN',
                'Field "host" must be a private address of the home, or of the line that asks.',
            );
        }
        this.#forgetLapsed(nowMs);
        if (!beacons.registered.has(beacon) && beacons.registered.size >= maxRegistered) {
            throw new RequestProblem(
                503,
                'MKT_NODE__BEACONS_FULL',
                'This CAST knows as many BEACONs as it may; retry.',
            );
        }
        beacons.register({ node: beacon, host, port });
    }

    /** Who has registered first is first to lapse. */
    #forgetLapsed(nowMs: number): void {
        for (const node of this.#options.beacons.registered.keys()) {
            if (this.isRegistered(node, nowMs)) break;
            this.#options.beacons.forget(node);
            this.#seen.delete(node);
        }
    }
}

const refusal = (code: ConstructorParameters<typeof RequestProblem>[1], message: string): RequestProblem =>
    new RequestProblem(403, code, message);
