import { type Backoff, errorCodeOf, isAbort, KIND_COSIGNED_ONLY, type Logger } from '@ocm/runtime';
import type { Intents } from './intents.js';
import { MAX_REARMS } from './plan-proof.js';
import type { Commitment, CommitterChain, ContractTerms, TransactionFinisher } from './ports.js';
import type { Telemetry } from './telemetry.js';

export type SettleDeps = {
    chain: Pick<
        CommitterChain,
        'clusterTimeSecs' | 'listContracts' | 'listCommitments' | 'settle' | 'resolve' | 'expire' | 'close'
    >;
    finisher: TransactionFinisher;
    intents: Intents;
    /** Whether the commitment's sessions are stored here, so that it can still be proved. */
    isStored: (commitment: string) => boolean;
    backoff: Backoff;
    log: Logger;
    telemetry: Pick<Telemetry, 'saw'>;
};
export type SettleSummary = Record<'settled' | 'resolved' | 'expired' | 'closed' | 'waiting' | 'failed', number>;
type Action = 'settle' | 'resolve' | 'expire' | 'close';
type Terms = Pick<ContractTerms, 'challengeWindowSecs' | 'sla'>;

const WITHOUT_COMMITMENTS: readonly string[] = ['proposed', 'cancelled'];
const DONE = { settle: 'settled', resolve: 'resolved', expire: 'expired', close: 'closed' } as const;

/**
 * One pass of what anyone may do: settles what is co-signed, and what is proven once the time for challenges is over;
 * expires what was neither in time; closes what is over (its rent goes to who paid it). The chain is the only state, so a
 * second run and a race are harmless.
 */
export async function settleCommitments(deps: SettleDeps, signal: AbortSignal): Promise<SettleSummary> {
    const { chain, backoff } = deps;
    const summary: SettleSummary = { settled: 0, resolved: 0, expired: 0, closed: 0, waiting: 0, failed: 0 };
    const seen: Commitment[] = [];
    const nowSecs = await chain.clusterTimeSecs();
    for (const contract of await chain.listContracts()) {
        if (WITHOUT_COMMITMENTS.includes(contract.state)) continue;
        for (const commitment of await chain.listCommitments(contract.address)) {
            signal.throwIfAborted();
            seen.push(commitment);
            const canProve = deps.isStored(commitment.address.toBase58());
            const action = chooseAction(commitment, contract, nowSecs, canProve);
            if (action === null || !backoff.isDue(keyOf(commitment))) summary.waiting += 1;
            else if (await act(deps, { contract, commitment, action }, signal)) summary[DONE[action]] += 1;
            else summary.failed += 1;
        }
    }
    deps.telemetry.saw(seen);
    return summary;
}

const keyOf = ({ address }: Commitment) => `settle/${address.toBase58()}`;

type Move = { contract: ContractTerms; commitment: Commitment; action: Action };

async function act(deps: SettleDeps, { contract, commitment, action }: Move, signal: AbortSignal): Promise<boolean> {
    const { chain, finisher, intents, backoff, log } = deps;
    const name = commitment.address.toBase58();
    const where = { contract: contract.address.toBase58(), commitment: name, epoch: commitment.epoch, action };
    try {
        const result = await intents.once(finisher, {
            key: `${action}/${name}`,
            label: action,
            signal,
            send: (options) => chain[action](contract, commitment, options),
        });
        backoff.forget(keyOf(commitment));
        log.info({ ...where, result }, 'commitment moved on');
        return true;
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        backoff.failed(keyOf(commitment));
        log.warn({ ...where, code: errorCodeOf(error), err: error }, 'commitment not moved on');
        return false;
    }
}

/** Null while only time, a proof or the content provider can move it on. */
export function chooseAction(
    commitment: Commitment,
    contract: Terms,
    nowSecs: number,
    canProve: boolean,
): Action | null {
    switch (commitment.state) {
        case 'cosignedFinal':
        case 'final':
            return 'settle';
        case 'proven':
            return chooseForProven(commitment, contract, nowSecs);
        case 'committed':
        case 'seeded':
            return isExpirable(commitment, nowSecs, canProve) ? 'expire' : null;
        default:
            // Closed earlier, the same epoch could be committed a second time; open challenges need the account.
            return nowSecs > commitment.closableAt && commitment.openChallenges === 0 ? 'close' : null;
    }
}

function chooseForProven(commitment: Commitment, { challengeWindowSecs, sla }: Terms, nowSecs: number): Action | null {
    if (commitment.kind === KIND_COSIGNED_ONLY) return nowSecs > commitment.deadline ? 'expire' : null;
    if (nowSecs < Number(commitment.committedAt) + challengeWindowSecs || commitment.openChallenges > 0) return null;
    const isQuorum = commitment.reportCount >= Math.max(1, sla.quorum);
    return commitment.slaSource !== 'reports' && isQuorum ? 'resolve' : 'settle';
}

/** What can still be proved is not given up: after a long pause of this worker it may be past the co-sign window, unseeded. */
function isExpirable({ kind, state, deadline, rearms }: Commitment, nowSecs: number, canProve: boolean): boolean {
    if (nowSecs <= deadline) return false;
    if (kind === KIND_COSIGNED_ONLY) return true;
    return state === 'committed' && (!canProve || rearms >= MAX_REARMS);
}
