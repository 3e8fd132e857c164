import { type Backoff, errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import { computeSampleTarget } from '@ocm/sdk/core';
import { forEachConcurrently } from './concurrent.js';
import type { Intents } from './intents.js';
import { computeProofDeadline, isIncluded, type Moment, type ProvePolicy, planProof } from './plan-proof.js';
import type {
    Commitment,
    CommitterChain,
    ContractTerms,
    ProverChain,
    SendOptions,
    Sent,
    TransactionFinisher,
} from './ports.js';
import { type CommitmentProofs, MAX_OPEN_TREES, type ProofBook } from './proofs.js';
import type { Telemetry } from './telemetry.js';

export type ProveDeps = {
    chain: Pick<CommitterChain, 'clusterTimeSecs' | 'listContracts' | 'listCommitments'>;
    prover: ProverChain;
    finisher: TransactionFinisher;
    intents: Intents;
    proofs: ProofBook;
    policy: ProvePolicy;
    backoff: Backoff;
    telemetry: Telemetry;
    log: Logger;
};
/** `steps`: transactions that brought commitments nearer to being proven. */
export type ProveSummary = Record<'steps' | 'waiting' | 'failed', number>;
type Work = { contract: ContractTerms; commitment: Commitment };

/** Many contracts' epochs end at the same moment and their seeds are forgotten 3.5 minutes later; as many as trees are kept. */
const CONCURRENT = MAX_OPEN_TREES;
const WITHOUT_COMMITMENTS: readonly string[] = ['proposed', 'cancelled'];

/**
 * One pass over everything committed and not co-signed: draws samples as soon as their seed is known, rearms what was
 * missed, proves every sample before its deadline, the nearest first. What the chain has is not done again.
 */
export async function proveCommitments(deps: ProveDeps, signal: AbortSignal): Promise<ProveSummary> {
    const summary: ProveSummary = { steps: 0, waiting: 0, failed: 0 };
    const [nowSecs, slot] = await Promise.all([deps.chain.clusterTimeSecs(), deps.prover.slot()]);
    await forEachConcurrently(await listUnproven(deps), CONCURRENT, async (work) => {
        signal.throwIfAborted();
        const key = `prove/${work.commitment.address.toBase58()}`;
        if (!deps.backoff.isDue(key)) {
            summary.waiting += 1;
            return;
        }
        try {
            const steps = await advance(deps, work, { nowSecs, slot }, signal);
            summary.steps += steps;
            if (steps === 0) summary.waiting += 1;
            deps.backoff.forget(key);
            deps.telemetry.clear(work.commitment.address);
        } catch (error) {
            if (isAbort(error, signal)) throw error;
            summary.failed += 1;
            deps.backoff.failed(key);
            tellFailure(deps, work, error);
        }
    });
    return summary;
}

/** Seeds first, since they are forgotten soonest; then by the deadline of the proofs. */
async function listUnproven({ chain }: ProveDeps): Promise<Work[]> {
    const found: { work: Work; dueAt: bigint }[] = [];
    for (const contract of await chain.listContracts()) {
        if (WITHOUT_COMMITMENTS.includes(contract.state)) continue;
        for (const commitment of await chain.listCommitments(contract.address))
            if (commitment.state === 'committed') found.push({ work: { contract, commitment }, dueAt: 0n });
            else if (commitment.state === 'seeded')
                found.push({ work: { contract, commitment }, dueAt: computeProofDeadline(commitment, contract) });
    }
    return found.sort((left, right) => Number(left.dueAt - right.dueAt)).map(({ work }) => work);
}

/** Returns the transactions that were made. */
async function advance(deps: ProveDeps, work: Work, moment: Moment, signal: AbortSignal): Promise<number> {
    const { contract, commitment } = work;
    const step = planProof(commitment, contract, moment, deps.policy);
    if (step.do === 'nothing') return 0;
    // Unseeded it expires without a loss; so nothing is seeded that could not be proved.
    const proofs = await deps.proofs.open(contract, commitment);
    if (step.do === 'prove') return proveSamples(deps, work, proofs, step.missing, signal);
    const status = step.do === 'seed' ? 'known' : await deps.prover.seedStatus(commitment.seedTargetSlot);
    if (status === 'notReached') return 0;
    if (status === 'known')
        return Number(await send(deps, work, 'seed', signal, (o) => deps.prover.seed(commitment, o)));
    deps.log.warn({ ...whereOf(work), rearms: commitment.rearms + 1 }, 'seed missed, more samples are drawn anew');
    const key = `rearm/${commitment.rearms}`;
    return Number(await send(deps, work, key, signal, (o) => deps.prover.rearm(commitment, o)));
}

async function proveSamples(
    deps: ProveDeps,
    work: Work,
    proofs: CommitmentProofs,
    missing: readonly number[],
    signal: AbortSignal,
): Promise<number> {
    const { commitment } = work;
    let steps = 0;
    for (const index of missing) {
        signal.throwIfAborted();
        const proof = proofs.at(computeSampleTarget(commitment.seed, index, commitment.totalBytes));
        const include = (o: SendOptions) => deps.prover.proveInclusion(commitment, index, proof, o);
        const evidence = (o: SendOptions) => deps.prover.proveEvidence(commitment, index, proof, o);
        if (!isIncluded(commitment, index)) {
            if (!(await send(deps, work, `inclusion/${index}`, signal, include))) return steps;
            steps += 1;
        }
        if (!(await send(deps, work, `evidence/${index}`, signal, evidence))) return steps;
        steps += 1;
        deps.telemetry.sampleProven();
    }
    deps.log.info({ ...whereOf(work), samples: commitment.samples }, 'all samples proven');
    return steps;
}

/** False where a transaction of an earlier life was brought to its end: the chain then says what is left to do. */
async function send(
    { intents, finisher, log }: ProveDeps,
    work: Work,
    what: string,
    signal: AbortSignal,
    run: (options: SendOptions) => Promise<Sent>,
): Promise<boolean> {
    const key = `${what}/${work.commitment.address.toBase58()}`;
    const result = await intents.once(finisher, { key, label: what, signal, send: run });
    log.debug({ ...whereOf(work), what, result }, 'proof step');
    return result !== 'resumed';
}

const whereOf = ({ contract, commitment }: Work) => ({
    contract: contract.address.toBase58(),
    commitment: commitment.address.toBase58(),
    epoch: commitment.epoch,
});

function tellFailure({ log, telemetry }: ProveDeps, work: Work, error: unknown): void {
    const code = errorCodeOf(error);
    // What is not here cannot be proved by waiting: somebody has to act before the deadline.
    const level = code.startsWith('MKT_COMMITTER__') ? 'error' : 'warn';
    log[level]({ ...whereOf(work), code, err: error }, 'commitment not proven yet');
    telemetry.trouble(work.commitment.address, error);
}
