import { createHash } from 'node:crypto';
import { TEST_PARAMS } from '../../support/params.js';
import type { Challenge, Commitment, Contract, Model, Participant, Sla, Summary } from './state.js';

/** Parameters of a new marketplace (protocol 6.15), shortened. */
export const PARAMS = TEST_PARAMS;
export const FEE_BASIS_POINTS = 200n;
export const TREASURY = 8;
export const SCOPE = { commit: 1, cosign: 2, prove: 4, challenge: 8 } as const;
const DAY_SECS = 86_400;
export const JAIL_SECS = 30 * DAY_SECS;

/** What a pause stops: new business only. */
export const PAUSE = { contracts: 1, auctions: 2, proofs: 4 } as const;
export const isPaused = ({ config, now }: Model, bit: number) =>
    (config.pauseBits & bit) !== 0 && now < config.pauseUntil;

export const min = (left: bigint, right: bigint) => (left < right ? left : right);
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
export const share = (value: bigint, basisPoints: number | bigint) => (value * BigInt(basisPoints)) / 10_000n;

export const epochEnd = (contract: Contract, epoch: number) =>
    contract.genesisAt + (epoch + 1) * contract.offer.epochSecs;
export const endsAt = (contract: Contract) => epochEnd(contract, contract.epochs - 1);
/** First and last second at which an epoch may be committed (6.7). */
export const commitOpensAt = (contract: Contract, epoch: number) =>
    epochEnd(contract, epoch) + contract.params.commitDelaySecs;
export const commitClosesAt = (contract: Contract, epoch: number) =>
    commitOpensAt(contract, epoch) + contract.params.commitWindowSecs;

export const isRunning = ({ state }: Contract) => state === 'Active' || state === 'Underfunded';
export const isOver = ({ state }: Contract) => state === 'Settled' || state === 'Cancelled';
export const isOpen = ({ state }: Commitment) => state === 'Committed' || state === 'Seeded' || state === 'Proven';
export const isEnded = ({ state }: Commitment) => state === 'Settled' || state === 'Failed' || state === 'Expired';
export const isAnswerable = ({ state }: Pick<Challenge, 'state'>) => state === 'Open' || state === 'Included';
export const challengesEndAt = ({ committedAt, params }: Commitment) => committedAt + params.challengeWindowSecs;

export const owedTotal = (contract: Contract) => sum(contract.owed);
/** What the vault holds for others than the content provider. */
export const spokenFor = (contract: Contract) => owedTotal(contract) + contract.held;
export const maxEpochBytes = (contract: Contract) => contract.cap * 125n * BigInt(contract.offer.epochSecs);

/** What new commitments and top-ups may draw on (6.7, 6.9). */
export function spare(contract: Contract): bigint {
    const left = contract.vault - spokenFor(contract) - contract.openGross;
    return left > 0n ? left : 0n;
}

/** `prefund_epochs · max_epoch_gross + open_gross` (6.6), no more epochs than can still be committed (decision 0007). */
export function reserve(contract: Contract, now: number): bigint {
    const dearest = contract.offer.prices.reduce((high, price) => (price > high ? price : high), 0n);
    const maxGross = (maxEpochBytes(contract) * dearest) / 1_000_000_000n + contract.offer.commitFee;
    let ahead = 0;
    for (let epoch = contract.epochs - 1; epoch >= 0 && now <= commitClosesAt(contract, epoch); epoch -= 1) ahead += 1;
    return BigInt(Math.min(contract.params.prefundEpochs, ahead)) * maxGross + contract.openGross;
}

/** Active while the vault covers the reserve, underfunded else (6.6); looked at when money comes, is bound or is paid. */
export function updateFunding(contract: Contract, now: number): void {
    const isCovered = contract.vault >= reserve(contract, now) + spokenFor(contract);
    if (contract.state === 'Active' && !isCovered) contract.state = 'Underfunded';
    else if ((contract.state === 'Proposed' || contract.state === 'Underfunded') && isCovered)
        contract.state = 'Active';
}

/** The worst tier of each metric, summed, at most the maximum (6.9). */
export function penaltyOf(sla: Sla, summary: Summary): number {
    const figures = [summary.availabilityPpm, summary.errorPpm, summary.ttfbP95Ms, summary.stallPpm];
    let total = 0;
    for (const [metric, figure] of figures.entries()) {
        let worst = 0;
        for (const tier of sla.tiers) {
            const breached = metric === 0 ? figure < tier.threshold : figure > tier.threshold;
            if (tier.metric === metric && breached && tier.basisPoints > worst) worst = tier.basisPoints;
        }
        total += worst;
    }
    return Math.min(total, sla.maxPenaltyBasisPoints);
}

/** Whether a key may act for a participant within a scope: the owner always, the hot key while it lasts. */
export function mayAct(model: Model, party: string, signer: string, scope: number): boolean {
    if (signer === `wallet:${party}`) return true;
    const { hotKey, hotScope, hotExpiresAt } = model.participants.get(party)!;
    return signer === `wallet:${hotKey}` && (hotScope & scope) === scope && model.now < hotExpiresAt;
}

export const totalStake = ({ free, locked, unbonding }: Participant) =>
    free + locked + sum(unbonding.map(({ amount }) => amount));

/** More than half of the stake lost within thirty days jails (6.11). */
export function slash(participant: Participant, amount: bigint, now: number): void {
    const before = totalStake(participant);
    participant.locked -= amount;
    participant.slashedTotal += amount;
    if (now - participant.windowBeganAt >= JAIL_SECS) {
        participant.windowBeganAt = now;
        participant.windowStake = before;
        participant.slashedInWindow = 0n;
    }
    participant.slashedInWindow += amount;
    if (2n * participant.slashedInWindow > participant.windowStake) participant.jailed = true;
}

const sha256 = (...parts: Uint8Array[]) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
};

/** Appends to the compact range of an RFC 9162 history: peaks of full subtrees, the smallest first. */
export function appendHistory(frontier: Uint8Array[], size: number, leaf: Uint8Array): void {
    let node = sha256(leaf);
    let level = 0;
    for (; (size >> level) & 1; level += 1) {
        node = sha256(Uint8Array.of(1), frontier[level]!, node);
        frontier[level] = new Uint8Array(32);
    }
    frontier[level] = node;
}
