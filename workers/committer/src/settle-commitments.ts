import { type Backoff, errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import type { Commitment, CommitterChain } from './ports.js';

export type SettleDeps = {
    chain: Pick<
        CommitterChain,
        'clusterTimeSecs' | 'listContracts' | 'listCommitments' | 'settle' | 'expire' | 'close'
    >;
    backoff: Backoff;
    log: Logger;
};
export type SettleSummary = Record<'settled' | 'expired' | 'closed' | 'waiting' | 'failed', number>;
type Action = 'settle' | 'expire' | 'close';

const WITHOUT_COMMITMENTS: readonly string[] = ['proposed', 'cancelled'];
const DONE = { settle: 'settled', expire: 'expired', close: 'closed' } as const;

/**
 * One pass of what anyone may do: settles co-signed commitments, expires those past the co-sign window, closes those that
 * are over (their rent goes to who paid it). The chain is the only state, so a second run and a race are harmless.
 */
export async function settleCommitments(
    { chain, backoff, log }: SettleDeps,
    signal: AbortSignal,
): Promise<SettleSummary> {
    const summary: SettleSummary = { settled: 0, expired: 0, closed: 0, waiting: 0, failed: 0 };
    const nowSecs = await chain.clusterTimeSecs();
    for (const contract of await chain.listContracts()) {
        if (WITHOUT_COMMITMENTS.includes(contract.state)) continue;
        for (const commitment of await chain.listCommitments(contract.address)) {
            signal.throwIfAborted();
            const action = chooseAction(commitment, nowSecs);
            const key = commitment.address.toBase58();
            if (action === null || !backoff.isDue(key)) {
                summary.waiting += 1;
                continue;
            }
            const where = {
                contract: contract.address.toBase58(),
                commitment: key,
                epoch: commitment.epoch,
            };
            try {
                const { signature } = await chain[action](contract, commitment, signal);
                summary[DONE[action]] += 1;
                backoff.forget(key);
                log.info({ ...where, action, signature }, 'commitment moved on');
            } catch (error) {
                if (isAbort(error, signal)) throw error;
                summary.failed += 1;
                backoff.failed(key);
                log.warn({ ...where, action, code: errorCodeOf(error), err: error }, 'commitment not moved on');
            }
        }
    }
    return summary;
}

/** Null while only time or the content provider can move it on. */
export function chooseAction(commitment: Commitment, nowSecs: number): Action | null {
    switch (commitment.phase) {
        case 'payable':
            return 'settle';
        case 'open':
            return nowSecs > commitment.deadline ? 'expire' : null;
        case 'over':
            // Closed earlier, the same epoch could be committed a second time.
            return nowSecs > commitment.closableAt ? 'close' : null;
    }
}
