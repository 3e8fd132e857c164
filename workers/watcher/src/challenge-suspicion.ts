import { randomBytes } from 'node:crypto';
import { errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import { findLeafChallengeAddress } from '@ocm/sdk';
import type { CommitmentManifest } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { Case, CaseBook } from './case-book.js';
import { describeFinding } from './describe-finding.js';
import type { FindingStore } from './finding-store.js';
import type { Policy } from './policy.js';
import type { WatchedCommitment, WatchedContract, WatcherChain } from './ports.js';
import type { Suspicion } from './suspicion.js';

export type ChallengeDeps = {
    chain: WatcherChain;
    cases: CaseBook;
    findings: FindingStore;
    policy: Policy;
    log: Logger;
    /** Bytes for random targets; of the system unless a test says otherwise. */
    random?: (bytes: number) => Uint8Array;
};
export type ChallengeInput = {
    contract: WatchedContract;
    commitment: WatchedCommitment;
    manifest: CommitmentManifest | null;
    suspicion: Suspicion;
    /** How many challenges this suspicion is worth. */
    wanted: number;
    nowSecs: bigint;
};

const MAX_FREE_CHALLENGES = 2;
/** Fee, and rent of a challenge's account with room for a second signature. */
const ESTIMATED_LAMPORTS = 4_000_000n;

/**
 * Opens what is still missing of the wanted challenges: evidence on disk, then intent in the journal, then the chain.
 * False while some of them are not decided; the next pass goes on from the journal.
 */
export async function challengeSuspicion(
    deps: ChallengeDeps,
    input: ChallengeInput,
    signal: AbortSignal,
): Promise<boolean> {
    const { chain, cases, log } = deps;
    const key = input.commitment.address.toBase58();
    for (const each of cases.listOf(key))
        if (each.state === 'intent' && !(await resume(deps, each, signal))) return false;
    while (cases.listOf(key).length < input.wanted) {
        const fresh = await chain.fetchCommitment(input.commitment.address);
        if (fresh === null) return true;
        const isFree = deps.policy.freeChallenges && fresh.freeChallenges < MAX_FREE_CHALLENGES;
        const bond = isFree ? 0n : input.contract.challengeBond;
        const atStake = deps.cases.bondsAtStake;
        const refusal = isWindowOver(input) ? 'the window to challenge is over' : overBudget(deps, bond, atStake);
        // What lies in other challenges comes back, and the window may still be open then.
        if (refusal !== null && !isWindowOver(input) && overBudget(deps, bond, 0n) === null) {
            log.info(
                { commitment: key, reason: input.suspicion.reason, refusal },
                'wrong, and waits for a bond to come back',
            );
            return false;
        }
        if (refusal !== null) {
            log.warn({ commitment: key, reason: input.suspicion.reason, refusal }, 'wrong, and not challenged');
            await deps.findings.write(describeFinding({ ...input, challenge: null, target: input.suspicion.target }));
            return true;
        }
        if (!(await open(deps, { ...input, commitment: fresh }, { bond, isFree }, signal))) return false;
    }
    return true;
}

const isWindowOver = ({ contract, commitment, nowSecs }: ChallengeInput): boolean =>
    nowSecs >= commitment.committedAt + BigInt(contract.challengeWindowSecs);

function overBudget({ cases, policy }: ChallengeDeps, bond: bigint, atStake: bigint): string | null {
    if (atStake + bond > policy.maxBonds) return 'maxBonds';
    // Each that is open may be answered yet.
    if (cases.lostBonds + atStake + bond > policy.maxLostBonds) return 'maxLostBonds';
    return cases.spentLamports + ESTIMATED_LAMPORTS > policy.maxLamports ? 'maxLamports' : null;
}

async function open(
    deps: ChallengeDeps,
    input: ChallengeInput,
    { bond, isFree }: { bond: bigint; isFree: boolean },
    signal: AbortSignal,
): Promise<boolean> {
    const { cases, findings } = deps;
    const { contract, commitment, suspicion } = input;
    const index = commitment.challengeCount;
    const challenge = findLeafChallengeAddress({ commitment: commitment.address, index }).toBase58();
    const target = suspicion.target ?? randomTarget(deps, commitment.totalBytes);
    await findings.write(describeFinding({ ...input, challenge, target }));
    await cases.record({
        type: 'intent',
        challenge,
        commitment: commitment.address.toBase58(),
        contract: contract.address.toBase58(),
        target: target.toString(),
        bond: bond.toString(),
        isFree,
    });
    const opened = cases.find(challenge);
    return opened !== undefined && send(deps, opened, contract, commitment, signal);
}

async function send(
    { chain, cases, log }: ChallengeDeps,
    each: Case,
    contract: WatchedContract,
    commitment: WatchedCommitment,
    signal: AbortSignal,
): Promise<boolean> {
    const before = await chain.lamports();
    try {
        const { target, isFree } = each;
        const { signature } = await chain.challenge({ contract, commitment, target: BigInt(target), isFree }, signal);
        const spent = before - (await chain.lamports());
        const lamports = (spent > 0n ? spent : 0n).toString();
        await cases.record({ type: 'sent', challenge: each.challenge, lamports });
        log.warn({ challenge: each.challenge, commitment: each.commitment, target, signature }, 'leaf challenged');
        return true;
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        log.warn({ challenge: each.challenge, code: errorCodeOf(error), err: error }, 'challenge not sent');
        return false;
    }
}

/** After a crash or a failure: the account's address is made of its number, so it says whose challenge was first. */
async function resume(deps: ChallengeDeps, each: Case, signal: AbortSignal): Promise<boolean> {
    const { chain, cases } = deps;
    const drop = (reason: string) => cases.record({ type: 'dropped', challenge: each.challenge, reason });
    const there = await chain.fetchChallenge(new PublicKey(each.challenge));
    if (there !== null) {
        const isOurs = there.challenger.equals(chain.challenger) && there.target === BigInt(each.target);
        if (isOurs) await cases.record({ type: 'sent', challenge: each.challenge, lamports: '0' });
        else await drop("another's challenge came first");
        return true;
    }
    const contract = await chain.fetchContract(new PublicKey(each.contract));
    const commitment = await chain.fetchCommitment(new PublicKey(each.commitment));
    if (contract === null || commitment === null) {
        await drop('the commitment is gone');
        return true;
    }
    const next = findLeafChallengeAddress({ commitment: commitment.address, index: commitment.challengeCount });
    if (next.toBase58() === each.challenge) return send(deps, each, contract, commitment, signal);
    await drop('its number was taken, and its account is closed');
    return true;
}

function randomTarget({ random = randomBytes }: ChallengeDeps, totalBytes: bigint): bigint {
    const bytes = random(16);
    return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % totalBytes;
}
