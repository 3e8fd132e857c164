import { computeEpochBounds } from '@ocm/sdk';
import type { ContractTerms } from './ports.js';

type EpochTerms = Pick<
    ContractTerms,
    'genesisAt' | 'epochLengthSecs' | 'epochCount' | 'commitDelaySecs' | 'commitWindowSecs'
>;

/** When an epoch may be committed to, unix seconds of the cluster, both ends included (protocol 6.7). */
export function computeCommitWindow(terms: EpochTerms, epoch: number): { opensAt: number; closesAt: number } {
    const opensAt = Number(computeEpochBounds(terms, epoch).endsAt) + terms.commitDelaySecs;
    return { opensAt, closesAt: opensAt + terms.commitWindowSecs };
}

/** Epochs whose window is open at `nowSecs`: `first` to `last`, none when `first > last`. */
export function computeOpenEpochs(terms: EpochTerms, nowSecs: number): { first: number; last: number } {
    const { opensAt } = computeCommitWindow(terms, 0);
    const elapsed = nowSecs - opensAt;
    const last = Math.min(terms.epochCount - 1, Math.floor(elapsed / terms.epochLengthSecs));
    const first = Math.max(0, Math.ceil((elapsed - terms.commitWindowSecs) / terms.epochLengthSecs));
    return { first, last };
}

/** The last quarter of the window, at most a minute: time to send, and to send again, without a node that stays down. */
export function computePatienceEnd(terms: EpochTerms, epoch: number): number {
    const { closesAt } = computeCommitWindow(terms, epoch);
    return closesAt - Math.min(60, Math.ceil(terms.commitWindowSecs / 4));
}
