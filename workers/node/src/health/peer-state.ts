import { FlapDamping } from './damping.js';

/** A peer must neither be dropped by one lost answer nor come back by one lucky one. */
const DOWN_AFTER_FAILURES = 3;
const UP_AFTER_SUCCESSES = 2;

/**
 * `suspect`: answers went missing, not enough of them to drop it. `recovering`: answers again, not often enough yet. `suppressed`:
 * answers, but fell too often of late. `draining`: answers that it takes no new viewers.
 */
export type HealthState = 'unknown' | 'up' | 'suspect' | 'down' | 'recovering' | 'suppressed' | 'draining';

/** What one question to a peer brought. */
export type Outcome = 'accepts' | 'refuses' | 'fails';

/** The state of one peer as a function of what was seen of it, oldest first. */
export class PeerState {
    readonly #damping = new FlapDamping();
    #state: HealthState = 'unknown';
    /** Outcomes in a row that speak against the state. */
    #contrary = 0;

    /** Suppression ends by time alone. */
    at(nowMs: number): HealthState {
        if (this.#state === 'suppressed' && !this.#damping.isSuppressed(nowMs)) this.#state = 'up';
        return this.#state;
    }

    takesViewers(nowMs: number): boolean {
        const state = this.at(nowMs);
        return state === 'up' || state === 'suspect';
    }

    observe(outcome: Outcome, nowMs: number): HealthState {
        const state = this.at(nowMs);
        if (outcome === 'fails') this.#fail(state, nowMs);
        else if (outcome === 'refuses') this.#turn('draining');
        else this.#succeed(state, nowMs);
        return this.#state;
    }

    #fail(state: HealthState, nowMs: number): void {
        if (state !== 'up' && state !== 'suspect' && state !== 'suppressed') {
            // The first answer decides at once; one that is going, or is not back yet, does not fall again.
            this.#turn('down');
            return;
        }
        this.#contrary += 1;
        if (this.#contrary >= DOWN_AFTER_FAILURES) {
            this.#damping.fall(nowMs);
            this.#turn('down');
        } else if (state === 'up') this.#state = 'suspect';
    }

    #succeed(state: HealthState, nowMs: number): void {
        if (state !== 'down' && state !== 'recovering') {
            this.#turn(state === 'suppressed' ? 'suppressed' : 'up');
            return;
        }
        this.#contrary += 1;
        if (this.#contrary < UP_AFTER_SUCCESSES) this.#state = 'recovering';
        else this.#turn(this.#damping.isSuppressed(nowMs) ? 'suppressed' : 'up');
    }

    #turn(state: HealthState): void {
        this.#state = state;
        this.#contrary = 0;
    }
}
