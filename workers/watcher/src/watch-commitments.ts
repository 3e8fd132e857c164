import { type Backoff, errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { CaseBook } from './case-book.js';
import { type ChallengeDeps, challengeSuspicion } from './challenge-suspicion.js';
import { describeFinding } from './describe-finding.js';
import { examineCommitment } from './examine-commitment.js';
import type { Policy } from './policy.js';
import type { CommitterClient, ReceiptCopies, WatchedCommitment, WatchedContract, WatcherChain } from './ports.js';
import { isChallengeable, type Suspicion } from './suspicion.js';

export type WatchDeps = ChallengeDeps & {
    chain: WatcherChain;
    committer: CommitterClient;
    copies: ReceiptCopies;
    cases: CaseBook;
    backoff: Backoff;
    log: Logger;
};
/** Commitments by what they came to; `unknown`: contracts whose committer nobody has named. */
export type WatchSummary = Record<'right' | 'wrong' | 'waiting' | 'failed' | 'unknown', number>;

/** States in which a challenge still counts. */
const CHALLENGEABLE: readonly string[] = ['committed', 'seeded', 'proven'];

/**
 * One look at all commitments of the watched contracts: recomputes each once, keeps what is wrong with it, challenges what
 * its seller cannot prove. One commitment that fails does not stop the others.
 */
export async function watchCommitments(deps: WatchDeps, signal: AbortSignal): Promise<WatchSummary> {
    const summary: WatchSummary = { right: 0, wrong: 0, waiting: 0, failed: 0, unknown: 0 };
    const { chain, cases, backoff, log } = deps;
    const nowSecs = BigInt(await chain.clusterTimeSecs());
    for (const contract of await chain.listContracts()) {
        if (!deps.committer.knows(contract.address)) {
            summary.unknown += 1;
            continue;
        }
        for (const commitment of await chain.listCommitments(contract.address)) {
            signal.throwIfAborted();
            const key = commitment.address.toBase58();
            if (cases.isExamined(key) || !CHALLENGEABLE.includes(commitment.state) || !backoff.isDue(key)) continue;
            try {
                summary[await examine(deps, contract, commitment, nowSecs, signal)] += 1;
            } catch (error) {
                if (isAbort(error, signal)) throw error;
                summary.failed += 1;
                backoff.failed(key);
                log.warn({ commitment: key, code: errorCodeOf(error), err: error }, 'commitment not examined yet');
            }
        }
    }
    return summary;
}

async function examine(
    deps: WatchDeps,
    contract: WatchedContract,
    commitment: WatchedCommitment,
    nowSecs: bigint,
    signal: AbortSignal,
): Promise<'right' | 'wrong' | 'waiting'> {
    const { chain, cases, copies, backoff, log } = deps;
    const key = commitment.address.toBase58();
    const manifest = await fetchOrNull(deps, commitment, signal);
    const [nodes, parties] = await Promise.all([chain.fetchNodes(contract), chain.fetchParties(contract)]);
    const suspicions = await examineCommitment({
        contract,
        commitment,
        manifest,
        nodes,
        isSellerNode: (node) => chain.isSellerNode(contract, node),
        parties,
        copies: copies.listCopies(contract.address, commitment.epoch),
        signal,
    });
    const isWithheld = suspicions.some(({ reason }) => reason === 'MANIFEST_WITHHELD');
    if (isWithheld && nowSecs < patienceEnd(contract, commitment, deps.policy)) {
        backoff.failed(key);
        return 'waiting';
    }
    const about = { contract, commitment, manifest, nowSecs };
    for (const suspicion of suspicions.filter((each) => !isChallengeable(each)))
        await deps.findings.write(describeFinding({ ...about, suspicion, challenge: null, target: null }));
    const isDone = await challengeWorst(deps, about, suspicions, signal);
    if (!isDone) {
        backoff.failed(key);
        return 'waiting';
    }
    await cases.record({ type: 'examined', commitment: key, findings: suspicions.length });
    backoff.forget(key);
    if (suspicions.length === 0) return 'right';
    log.warn(
        { commitment: key, epoch: commitment.epoch, findings: suspicions.length, reasons: distinct(suspicions) },
        'commitment is wrong',
    );
    return 'wrong';
}

const distinct = (suspicions: readonly Suspicion[]) => [...new Set(suspicions.map(({ reason }) => reason))];

type About = {
    contract: WatchedContract;
    commitment: WatchedCommitment;
    manifest: CommitmentManifest | null;
    nowSecs: bigint;
};

/** One unanswered challenge ends a commitment: a forged leaf needs one; where nothing is known, chance needs several. */
async function challengeWorst(deps: WatchDeps, about: About, suspicions: readonly Suspicion[], signal: AbortSignal) {
    const challengeable = suspicions.filter(isChallengeable);
    const aimed = challengeable.find(({ target }) => target !== null);
    const worst = aimed ?? challengeable[0];
    if (worst === undefined) return true;
    const wanted = aimed === undefined ? deps.policy.randomChallenges : 1;
    return challengeSuspicion(deps, { ...about, suspicion: worst, wanted }, signal);
}

/** A committer that is down withholds, for whoever has to decide before the window ends. */
async function fetchOrNull({ committer, log }: WatchDeps, commitment: WatchedCommitment, signal: AbortSignal) {
    try {
        return await committer.fetchManifest(commitment, signal);
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        log.debug({ commitment: commitment.address.toBase58(), code: errorCodeOf(error), err: error }, 'no manifest');
        return null;
    }
}

/** A manifest is due within an hour (protocol 6.8), and in any case while there is time to challenge. */
function patienceEnd(contract: WatchedContract, { committedAt }: WatchedCommitment, { patienceSecs }: Policy): bigint {
    return committedAt + BigInt(Math.min(patienceSecs, Math.floor(contract.challengeWindowSecs / 2)));
}
