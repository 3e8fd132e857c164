import { type Backoff, errorCodeOf, failure, isAbort, type Logger } from '@ocm/runtime';
import type { Intents } from './intents.js';
import type {
    AnswerChain,
    Challenge,
    Commitment,
    CommitterChain,
    ContractTerms,
    SendOptions,
    Sent,
    TransactionFinisher,
} from './ports.js';
import type { ProofBook } from './proofs.js';
import type { Telemetry } from './telemetry.js';

export type AnswerDeps = {
    chain: Pick<CommitterChain, 'clusterTimeSecs' | 'listContracts' | 'listCommitments'>;
    answers: AnswerChain;
    finisher: TransactionFinisher;
    intents: Intents;
    proofs: ProofBook;
    backoff: Backoff;
    telemetry: Telemetry;
    log: Logger;
};
export type AnswerSummary = Record<'answered' | 'closed' | 'waiting' | 'failed', number>;
type Work = { contract: ContractTerms; challenge: Challenge; commitment: Commitment | null };
export type ChallengeStep = 'answer' | 'close' | 'lost' | null;

/** Commitments whose bytes can still be asked for. */
const OPEN_STATES: readonly string[] = ['committed', 'seeded', 'proven'];
const UNDECIDED: readonly string[] = ['open', 'included'];

/**
 * One pass over the challenges of all contracts: answers those that are open, the nearest deadline first, since one that
 * is not answered costs all of the commitment's lock; closes those that are over, so that bonds and rent come back and the
 * commitment can be closed.
 */
export async function answerChallenges(deps: AnswerDeps, signal: AbortSignal): Promise<AnswerSummary> {
    const summary: AnswerSummary = { answered: 0, closed: 0, waiting: 0, failed: 0 };
    const nowSecs = await deps.chain.clusterTimeSecs();
    for (const work of await listWork(deps)) {
        signal.throwIfAborted();
        const step = chooseStep(work, nowSecs, deps.answers.answerer.toBase58());
        const key = `challenge/${work.challenge.address.toBase58()}`;
        if (step === null || !deps.backoff.isDue(key)) {
            summary.waiting += step === null ? 0 : 1;
            continue;
        }
        try {
            const done = step === 'close' ? await close(deps, work, signal) : await answer(deps, work, step, signal);
            if (done) summary[step === 'close' ? 'closed' : 'answered'] += 1;
            deps.backoff.forget(key);
            deps.telemetry.clear(work.challenge.address);
        } catch (error) {
            if (isAbort(error, signal)) throw error;
            summary.failed += 1;
            deps.backoff.failed(key);
            const level = errorCodeOf(error).startsWith('MKT_COMMITTER__') ? 'error' : 'warn';
            deps.log[level]({ ...whereOf(work), step, code: errorCodeOf(error), err: error }, 'challenge not settled');
            deps.telemetry.trouble(work.challenge.address, error);
        }
    }
    return summary;
}

async function listWork({ chain, answers }: AnswerDeps): Promise<Work[]> {
    const works: Work[] = [];
    for (const contract of await chain.listContracts()) {
        const challenges = await answers.listChallenges(contract.address);
        if (challenges.length === 0) continue;
        const commitments = await chain.listCommitments(contract.address);
        for (const challenge of challenges) {
            const commitment = commitments.find(({ address }) => address.equals(challenge.commitment)) ?? null;
            works.push({ contract, challenge, commitment });
        }
    }
    return works.sort((left, right) => Number(left.challenge.deadline - right.challenge.deadline));
}

/**
 * Null where there is nothing to do for this seller: what a challenger has won is its own to collect, and to pay the fee
 * for. `lost`: the time to answer is over, which a person has to know.
 */
export function chooseStep(
    { challenge, commitment }: Pick<Work, 'challenge' | 'commitment'>,
    nowSecs: number,
    answerer: string,
): ChallengeStep {
    if (challenge.state === 'answered')
        return challenge.payout === 0n || challenge.beneficiary.toBase58() === answerer ? 'close' : null;
    if (!UNDECIDED.includes(challenge.state) || commitment === null) return null;
    if (!OPEN_STATES.includes(commitment.state)) return 'close';
    return nowSecs > Number(challenge.deadline) ? 'lost' : 'answer';
}

async function answer(deps: AnswerDeps, work: Work, step: ChallengeStep, signal: AbortSignal): Promise<boolean> {
    const { answers } = deps;
    const { contract, challenge, commitment } = work;
    if (step === 'lost' || commitment === null)
        throw failure(
            'MKT_COMMITTER__CHALLENGE_LOST',
            `challenge ${challenge.address.toBase58()} was not answered by ${challenge.deadline} (unix seconds); the lock of its commitment will be slashed`,
        );
    const proof = (await deps.proofs.open(contract, commitment)).at(challenge.target);
    const include = (options: SendOptions) => answers.answerInclusion(challenge, proof, options);
    const evidence = (options: SendOptions) => answers.answerEvidence(challenge, proof, options);
    if (challenge.state === 'open' && !(await send(deps, work, 'answer_inclusion', signal, include))) return false;
    if (!(await send(deps, work, 'answer_evidence', signal, evidence))) return false;
    deps.telemetry.challengeAnswered();
    deps.log.info(whereOf(work), 'challenge answered');
    return true;
}

function close(deps: AnswerDeps, work: Work, signal: AbortSignal): Promise<boolean> {
    const { contract, challenge } = work;
    return send(deps, work, 'close_challenge', signal, (options) =>
        deps.answers.closeChallenge(contract, challenge, options),
    );
}

/** False where a transaction of an earlier life was brought to its end: the chain then says what is left to do. */
async function send(
    { intents, finisher, log }: AnswerDeps,
    work: Work,
    label: string,
    signal: AbortSignal,
    run: (options: SendOptions) => Promise<Sent>,
): Promise<boolean> {
    const key = `${label}/${work.challenge.address.toBase58()}`;
    const result = await intents.once(finisher, { key, label, signal, send: run });
    log.debug({ ...whereOf(work), label, result }, 'challenge step');
    return result !== 'resumed';
}

const whereOf = ({ challenge, commitment }: Work) => ({
    challenge: challenge.address.toBase58(),
    commitment: challenge.commitment.toBase58(),
    epoch: commitment?.epoch ?? null,
});
