import type { HealthState } from './peer-state.js';
import { type Identity, type SignedStatement, signText } from './statement.js';

/** Purpose that an observer signs for. */
export const OBSERVATION_PURPOSE = 'observation';
/** Some hours of changes of a large operator; in memory only. */
const KEPT = 2_000;

/** What an observer saw of a peer when its state changed. */
export interface Observation {
    observer: string;
    peer: string;
    /** Unix milliseconds by the observer's clock. */
    atMs: number;
    from: HealthState;
    to: HealthState;
    /** Why the last question failed; null when it was answered. */
    why: string | null;
    /** Whether the peer's own statement was signed by its key on chain. */
    signedByPeer: boolean;
    rttMs: number | null;
}

/** Changes of state, signed by who saw them, so that they can be shown to others. */
export class ObservationLog {
    readonly #identity: Identity | null;
    #signed: { peer: string; signed: SignedStatement }[] = [];

    constructor(identity: Identity | null) {
        this.#identity = identity;
    }

    add(observation: Observation): void {
        const signed = signText(OBSERVATION_PURPOSE, JSON.stringify(observation), this.#identity);
        this.#signed.push({ peer: observation.peer, signed });
        if (this.#signed.length > KEPT) this.#signed = this.#signed.slice(-KEPT / 2);
    }

    /** The newest last. */
    list(peer: string | null, limit: number): SignedStatement[] {
        const chosen = peer === null ? this.#signed : this.#signed.filter((entry) => entry.peer === peer);
        return chosen.slice(-limit).map(({ signed }) => signed);
    }
}
