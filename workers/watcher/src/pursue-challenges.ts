import { type Backoff, errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import { PublicKey } from '@solana/web3.js';
import type { Case, CaseBook } from './case-book.js';
import type { Challenge, WatcherChain } from './ports.js';

export type PursueDeps = { chain: WatcherChain; cases: CaseBook; backoff: Backoff; log: Logger };
export type PursueSummary = Record<'failed' | 'closed' | 'waiting' | 'troubled', number>;

const OPEN_COMMITMENT: readonly string[] = ['committed', 'seeded', 'proven'];

/** One pass over own challenges: ends the commitments that were not defended, collects what each challenge pays. */
export async function pursueChallenges(deps: PursueDeps, signal: AbortSignal): Promise<PursueSummary> {
    const summary: PursueSummary = { failed: 0, closed: 0, waiting: 0, troubled: 0 };
    const { chain, cases, backoff, log } = deps;
    const nowSecs = BigInt(await chain.clusterTimeSecs());
    for (const each of cases.listOpen()) {
        signal.throwIfAborted();
        if (!backoff.isDue(each.challenge)) continue;
        try {
            summary[await pursue(deps, each, nowSecs, signal)] += 1;
            backoff.forget(each.challenge);
        } catch (error) {
            if (isAbort(error, signal)) throw error;
            summary.troubled += 1;
            backoff.failed(each.challenge);
            log.warn({ challenge: each.challenge, code: errorCodeOf(error), err: error }, 'challenge not moved on');
        }
    }
    return summary;
}

async function pursue(
    { chain, cases, log }: PursueDeps,
    each: Case,
    nowSecs: bigint,
    signal: AbortSignal,
): Promise<'failed' | 'closed' | 'waiting'> {
    const challenge = await chain.fetchChallenge(new PublicKey(each.challenge));
    if (each.state === 'intent') return settleIntent({ chain, cases }, each, challenge);
    if (challenge === null) {
        // Anyone may have closed it; what it paid is in the beneficiary's account.
        await cases.record({ type: 'closed', challenge: each.challenge, outcome: 'gone', payout: '0' });
        return 'closed';
    }
    const contract = await chain.fetchContract(challenge.contract);
    if (contract === null) return 'waiting';
    const commitment = await chain.fetchCommitment(challenge.commitment);
    const isOpen = commitment !== null && OPEN_COMMITMENT.includes(commitment.state);
    const isUndecided = challenge.state === 'open' || challenge.state === 'included';
    if (isUndecided && isOpen) {
        if (nowSecs <= challenge.deadline) return 'waiting';
        const { signature } = await chain.fail(contract, challenge, signal);
        log.warn(
            { challenge: each.challenge, commitment: each.commitment, signature },
            'commitment failed: not answered',
        );
        return 'failed';
    }
    const { signature } = await chain.collect(contract, challenge, signal);
    const outcome = outcomeOf(challenge);
    await cases.record({ type: 'closed', challenge: each.challenge, outcome, payout: payoutOf(chain, challenge) });
    log.info({ challenge: each.challenge, outcome, signature }, 'challenge closed');
    return 'closed';
}

/** A challenge that was never acknowledged, of a commitment that nobody can challenge any more. */
async function settleIntent(
    { chain, cases }: Pick<PursueDeps, 'chain' | 'cases'>,
    each: Case,
    challenge: Challenge | null,
): Promise<'waiting' | 'closed'> {
    const isOurs = challenge?.challenger.equals(chain.challenger) === true && challenge.target === BigInt(each.target);
    if (isOurs) {
        await cases.record({ type: 'sent', challenge: each.challenge, lamports: '0' });
        return 'waiting';
    }
    const commitment = await chain.fetchCommitment(new PublicKey(each.commitment));
    // While it is open, the next look at the commitment sends it or opens another.
    if (commitment !== null && OPEN_COMMITMENT.includes(commitment.state)) return 'waiting';
    await cases.record({ type: 'dropped', challenge: each.challenge, reason: 'the commitment ended before it came' });
    return 'closed';
}

function outcomeOf({ state }: Challenge): 'won' | 'answered' | 'overtaken' {
    return state === 'won' || state === 'answered' ? state : 'overtaken';
}

const payoutOf = ({ challenger }: WatcherChain, { beneficiary, payout }: Challenge): string =>
    beneficiary.equals(challenger) ? payout.toString() : '0';
