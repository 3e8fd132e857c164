import { errorCodeOf, errorMessageOf, sleep } from '@ocm/runtime';
import type { CertificateFacts } from '../http/tls.js';
import type { Clock, NodeLog } from '../ports.js';
import type { Issue } from './authority.js';

const FIRST_RETRY_MS = 60_000;
const MAX_RETRY_MS = 12 * 3_600_000;
/** Longest single wait: a clock that was set, or a machine that slept, is noticed within it. */
const LOOK_AGAIN_MS = 3_600_000;
/** A certificate is renewed when two thirds of its life are over, up to a twentieth of it earlier. */
const JITTER_SHARE = 0.05;

/** Unix milliseconds at which a certificate is to be renewed; `random` in [0, 1) spreads nodes that began together. */
export function renewAtMs({ notBeforeMs, notAfterMs }: CertificateFacts, random: number): number {
    const lifeMs = notAfterMs - notBeforeMs;
    return Math.round(notBeforeMs + (lifeMs * 2) / 3 - lifeMs * JITTER_SHARE * random);
}

/** Pause after the nth failure in a row (from 1): doubling, half of it drawn. */
export function retryPauseMs(failures: number, random: number): number {
    const pauseMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20));
    return Math.round(pauseMs * (0.5 + random / 2));
}

export interface RenewalOptions {
    issue: Issue;
    /** Puts a new certificate to use and keeps it. */
    use: (material: Awaited<ReturnType<Issue>>) => Promise<void>;
    /** Of the certificate in use, with the names that are wanted; null if there is none. */
    current: () => CertificateFacts | null;
    now: Clock;
    log: NodeLog;
    signal: AbortSignal;
    random?: () => number;
}

/** Keeps one certificate alive. A failure changes nothing: the old certificate serves until it ends. */
export class Renewal {
    readonly #options: RenewalOptions;
    readonly #random: () => number;
    failures = 0;

    constructor(options: RenewalOptions) {
        this.#options = options;
        this.#random = options.random ?? Math.random;
    }

    async run(): Promise<void> {
        const { current, now, signal } = this.#options;
        const jitter = this.#random();
        while (!signal.aborted) {
            const facts = current();
            const dueInMs = facts === null ? 0 : renewAtMs(facts, jitter) - now();
            const pauseMs = dueInMs > 0 ? Math.min(dueInMs, LOOK_AGAIN_MS) : await this.#renew();
            await sleep(pauseMs, signal).catch(() => undefined);
        }
    }

    /** Pause until the next look. */
    async #renew(): Promise<number> {
        const { issue, use, log, signal } = this.#options;
        try {
            await use(await issue());
            this.failures = 0;
            log.info({}, 'certificate renewed');
            // Never at once: an authority whose certificates are over at birth must not be asked without end.
            return FIRST_RETRY_MS;
        } catch (error) {
            if (signal.aborted) return 0;
            this.failures += 1;
            const pauseMs = retryPauseMs(this.failures, this.#random());
            // Not the error itself: the library hangs requests and answers on it, and account keys sign those.
            log.warn(
                { code: errorCodeOf(error), reason: errorMessageOf(error), failures: this.failures, pauseMs },
                'certificate not renewed, going on with the old one',
            );
            return pauseMs;
        }
    }
}
