import { toHex } from '../protocol/bytes.js';
import { least, maxEpochGross, most, sum } from '../protocol/money.js';
import type { SlaTerms } from '../protocol/sla.js';

/** The contract as its transactions leave it; names are those of the account, so that the two are compared field by field. */
export type ContractBooks = {
    version: number;
    bump: number;
    contentProvider: string;
    seller: string;
    nonce: bigint;
    offer: string;
    mint: string;
    tokenProgram: string;
    vault: string;
    issuer: string[];
    issuerFromEpoch: number[];
    genesisAt: bigint;
    epochLengthSecs: number;
    epochCount: number;
    committedKilobitsPerSecond: bigint;
    capKilobitsPerSecond: bigint;
    pricePerGigabyte: bigint[];
    commitFeePerEpoch: bigint;
    sla: SlaTerms;
    splits: { payee: string; basisPoints: number }[];
    splitCount: number;
    claims: string[];
    claimShares: bigint[];
    claimCount: number;
    feeBasisPoints: number;
    treasury: string;
    paramsHash: string;
    prefundEpochs: number;
    commitDelaySecs: number;
    commitWindowSecs: number;
    cosignWindowSecs: number;
    slashMultiplierBasisPoints: number;
    cumBytes: bigint[];
    grossTotal: bigint[];
    penaltyTotal: bigint;
    topUpTotal: bigint;
    paidTotal: bigint;
    openGross: bigint;
    owed: bigint[];
    openCommitments: number;
    settledCommitments: number;
    historySize: bigint;
    historyFrontier: string[];
    depositedTotal: bigint;
    rentPayer: string;
    bondTotal: bigint;
    bondFree: bigint;
    heldTotal: bigint;
    slashPending: bigint;
    committedEpoch: number;
    committedKinds: number;
    committedBytes: bigint;
    challengeResponseSecs: number;
    tokenGraceSecs: number;
    seedDelaySlots: number;
    livenessSlashBasisPoints: number;
    challengeBond: bigint;
    maxTokenBytes: bigint;
    clusterTag: number;
};

export const TREASURY_PLACE = 8;
export const NO_TIME = -(1n << 62n);

export const owedTotal = ({ owed }: ContractBooks): bigint => sum(owed);

/** Debts and challengers' money. */
export const spokenFor = (books: ContractBooks): bigint => owedTotal(books) + books.heldTotal;

/** What of the vault no debt and no open commitment needs. */
export function spareOf(books: ContractBooks, vaultBalance: bigint): bigint {
    return most(0n, most(0n, vaultBalance - spokenFor(books)) - books.openGross);
}

export const epochEnd = (books: ContractBooks, epoch: number): bigint =>
    books.genesisAt + BigInt(epoch + 1) * BigInt(books.epochLengthSecs);

export const closableAt = (books: ContractBooks, epoch: number): bigint =>
    epochEnd(books, epoch) + BigInt(books.commitDelaySecs) + BigInt(books.commitWindowSecs);

/** Reserve (protocol 6.6) at a moment; null stands for a time after all epochs. */
export function reserveAt(books: ContractBooks, now: bigint | null): bigint {
    return BigInt(Math.min(books.prefundEpochs, epochsAhead(books, now))) * maxEpochGross(books) + books.openGross;
}

function epochsAhead(books: ContractBooks, now: bigint | null): number {
    if (now === null) return 0;
    const settled = now - BigInt(books.commitDelaySecs) - BigInt(books.commitWindowSecs) - 1n;
    const elapsed = most(0n, settled - books.genesisAt);
    const past = least(elapsed / BigInt(books.epochLengthSecs), BigInt(books.epochCount));
    return Math.min(0xffff, books.epochCount - Number(past));
}

/** Key of the issuer whose tokens are valid in an epoch; null when none has begun. */
export function issuerInForce(books: ContractBooks, epoch: number, none: string): string | null {
    let found: { key: string; from: number } | null = null;
    for (const [slot, key] of books.issuer.entries()) {
        const from = books.issuerFromEpoch[slot] ?? 0;
        if (key === none || from > epoch) continue;
        if (found === null || from > found.from) found = { key, from };
    }
    return found?.key ?? null;
}

export const zeros = (bytes: number): string => toHex(new Uint8Array(bytes));
