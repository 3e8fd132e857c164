import type { CommitmentView, EpochPhase, EpochStepView, EpochView } from '../live/snapshot';
import { textOf } from '../transactions/event-words';
import type { LoggedTransaction } from '../transactions/server/transaction-log';

export interface EpochTerms {
    readonly genesisAtSecs: number;
    readonly epochLengthSecs: number;
    readonly epochCount: number;
    readonly commitDelaySecs: number;
    readonly commitWindowSecs: number;
    readonly ended: boolean;
}

/** Epochs shown; older ones are a matter for an indexer. */
export const MAX_EPOCHS = 200;

const PHASES_BY_STATE: Readonly<Record<string, EpochPhase>> = {
    committed: 'committed',
    seeded: 'committed',
    proven: 'committed',
    cosignedFinal: 'cosigned',
    final: 'cosigned',
    settled: 'settled',
    failed: 'failed',
    expired: 'expired',
};
/** An epoch of several commitments is as far as the one that is least far. */
const ORDER: readonly EpochPhase[] = ['failed', 'expired', 'committed', 'cosigned', 'settled'];

const STEP_NAMES: Readonly<Record<string, string>> = {
    DeliveryCommitted: 'Committed',
    DeliveryCosigned: 'Co-signed',
    DeliverySettled: 'Settled',
    CommitmentExpired: 'Expired',
};

/** `contract/epoch/kind` of an event of one commitment, or null. */
export function commitmentKey(data: Readonly<Record<string, unknown>>): string | null {
    const contract = textOf(data.contract);
    return contract && typeof data.epoch === 'number' ? `${contract}/${data.epoch}/${Number(data.kind ?? 0)}` : null;
}

/** Transactions of each commitment in the order in which they happened. */
export function collectSteps(transactions: readonly LoggedTransaction[]): Map<string, EpochStepView[]> {
    const steps = new Map<string, EpochStepView[]>();
    for (const { signature, atSecs, events } of transactions.toReversed()) {
        for (const { name, data } of events) {
            const key = STEP_NAMES[name] ? commitmentKey(data) : null;
            if (!key) continue;
            const list = steps.get(key) ?? [];
            list.push({ name: STEP_NAMES[name] ?? name, signature, atSecs });
            steps.set(key, list);
        }
    }
    return steps;
}

export function phaseOfState(state: string): EpochPhase {
    return PHASES_BY_STATE[state] ?? 'committed';
}

function phaseOf(
    epoch: number,
    commitments: readonly CommitmentView[],
    terms: EpochTerms,
    nowSecs: number,
): EpochPhase {
    if (commitments.length > 0) {
        const phases = commitments.map(({ state }) => phaseOfState(state));
        return ORDER.find((phase) => phases.includes(phase)) ?? 'committed';
    }
    const endsAtSecs = terms.genesisAtSecs + (epoch + 1) * terms.epochLengthSecs;
    if (nowSecs < endsAtSecs) return terms.ended ? 'not-committed' : 'running';
    const closesAtSecs = endsAtSecs + terms.commitDelaySecs + terms.commitWindowSecs;
    return nowSecs < closesAtSecs && !terms.ended ? 'awaiting-commitment' : 'not-committed';
}

/** Epochs that have begun, oldest first, the newest `MAX_EPOCHS` of them. */
export function listEpochs(
    terms: EpochTerms,
    commitmentsByEpoch: ReadonlyMap<number, readonly CommitmentView[]>,
    nowSecs: number,
): EpochView[] {
    const begun = Math.floor((nowSecs - terms.genesisAtSecs) / terms.epochLengthSecs) + 1;
    const count = Math.min(terms.epochCount, Math.max(0, begun));
    const first = Math.max(0, count - MAX_EPOCHS);
    return Array.from({ length: count - first }, (_, index) => {
        const epoch = first + index;
        const commitments = commitmentsByEpoch.get(epoch) ?? [];
        const startsAtSecs = terms.genesisAtSecs + epoch * terms.epochLengthSecs;
        return {
            epoch,
            startsAtSecs,
            endsAtSecs: startsAtSecs + terms.epochLengthSecs,
            phase: phaseOf(epoch, commitments, terms, nowSecs),
            commitments,
        };
    });
}
