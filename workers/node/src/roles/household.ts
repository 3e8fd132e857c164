import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { every, fetchJson, readKeypair } from '@ocm/runtime';
import { sign, toBase64 } from '@ocm/sdk/core';
import { DEVICES_PATH, type DeviceResponse, deviceResponse, encodeDeviceProof } from '@ocm/sdk/http';
import type { NodeConfig } from '../config.js';
import { requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { Clock, NodeLog } from '../ports.js';
import { isSameLan } from '../routing/beacons/same-lan.js';
import type { ControlPaths } from './control.js';

/** A third of what a token lasts: two attempts may fail before viewers notice. */
const RENEWAL_MS = 300_000;
const RETRY_MS = 5_000;
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 4_096;
/** Seed before the public key in a keypair file. */
const SEED_BYTES = 32;

export interface HouseholdOptions {
    node: string;
    household: NonNullable<NodeConfig['household']>;
    now: Clock;
    log: NodeLog;
}

/** A BEACON's side of its household: gets tokens from the CAST and gives them to viewers in the same network. */
export class Household implements ControlPaths {
    readonly #options: HouseholdOptions;
    readonly #seed: Uint8Array;
    readonly #stop = new AbortController();
    readonly #loop: Promise<void>;
    #token: DeviceResponse | null = null;
    #lastTimestampMs = 0;

    /** @throws MKT_RUNTIME__KEYPAIR_MISSING, MKT_RUNTIME__KEYPAIR_INVALID */
    constructor(options: HouseholdOptions) {
        this.#options = options;
        this.#seed = readKeypair(options.household.keyPath).secretKey.subarray(0, SEED_BYTES);
        let nextAtMs = 0;
        this.#loop = every({
            name: 'household',
            run: async (signal) => {
                if (options.now() < nextAtMs) return;
                await this.#renew(signal);
                nextAtMs = options.now() + RENEWAL_MS;
            },
            intervalMs: RETRY_MS,
            signal: this.#stop.signal,
            log: options.log,
        });
    }

    /** Whether a viewer is one of the household: both ends of its connection are in the same private network. */
    static isMember({
        remoteAddress = '',
        localAddress = '',
    }: Pick<Socket, 'remoteAddress' | 'localAddress'>): boolean {
        return isSameLan(remoteAddress, localAddress);
    }

    async handle(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
        if (pathname !== DEVICES_PATH) return false;
        requireMethod(request, 'GET');
        if (!Household.isMember(request.socket)) {
            throw new RequestProblem(403, 'MKT_NODE__NOT_MY_VIEWER', 'Ask from the network of the BEACON.');
        }
        if (this.#token === null || this.#token.expiresAtMs <= this.#options.now()) {
            throw new RequestProblem(
                503,
                'MKT_NODE__DEVICE_TOKEN_MISSING',
                'The CAST has given no token; ask again later.',
            );
        }
        sendJson(response, 200, this.#token);
        return true;
    }

    async close(): Promise<void> {
        this.#stop.abort();
        await this.#loop;
    }

    async #renew(signal: AbortSignal): Promise<void> {
        const { node, household, now } = this.#options;
        const { cast, castUrl, host, port, beacon = node } = household;
        // Each proof counts once, however the clock is set meanwhile.
        const timestampMs = Math.max(now(), this.#lastTimestampMs + 1);
        this.#lastTimestampMs = timestampMs;
        const proof = { beacon, host, port, timestampMs };
        const signature = toBase64(sign(this.#seed, encodeDeviceProof({ ...proof, cast })));
        this.#token = await fetchJson({
            url: new URL(DEVICES_PATH, castUrl).href,
            schema: deviceResponse,
            body: { ...proof, signature },
            timeoutMs: TIMEOUT_MS,
            maxBytes: MAX_ANSWER_BYTES,
            signal,
        });
    }
}
