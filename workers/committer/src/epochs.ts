import { KIND_COSIGNED_ONLY, KIND_RECEIPTED_UNICAST } from '@ocm/runtime';
import { computeEpochBounds, type DeliveryKind } from '@ocm/sdk';
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

/** How long nodes may take to give an epoch's evidence at `nowSecs`, ms: it can then still be sent, without those that stay away. */
export function computePatienceMs(terms: EpochTerms, epoch: number, nowSecs: number): number {
    const untilEnd = computePatienceEnd(terms, epoch) - nowSecs;
    const ofTheRest = (computeCommitWindow(terms, epoch).closesAt - nowSecs) / 3;
    return Math.ceil(Math.max(untilEnd, ofTheRest, 0) * 1_000);
}

/** Open epochs, and those that closed while this worker was down: they are to be reported, not forgotten. */
export function listEpochsToDo(terms: EpochTerms, known: { lowest: number } | null, nowSecs: number): number[] {
    const { first, last } = computeOpenEpochs(terms, nowSecs);
    const from = known === null ? first : Math.min(first, known.lowest);
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
}

/** A contract that puts no price on unsigned traffic is served it for nothing. */
export function listKinds(
    contract: EpochTerms & Pick<ContractTerms, 'pricePerGigabyte'>,
    { epoch, nowSecs, withUnsigned }: { epoch: number; nowSecs: number; withUnsigned: boolean },
): DeliveryKind[] {
    const isPaid = contract.pricePerGigabyte[KIND_COSIGNED_ONLY] > 0n;
    const isOpen = epoch >= computeOpenEpochs(contract, nowSecs).first;
    const kinds: DeliveryKind[] = [KIND_RECEIPTED_UNICAST];
    return withUnsigned && isPaid && isOpen ? [...kinds, KIND_COSIGNED_ONLY] : kinds;
}
