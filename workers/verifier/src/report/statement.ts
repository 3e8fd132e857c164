import type { Finding } from '../findings.js';
import { owedTotal, TREASURY_PLACE } from '../replay/books.js';
import type { Verification } from '../verify.js';

/** One commitment, as it was recomputed. Amounts are base units of the contract's mint. */
export type StatementLine = {
    epoch: number;
    kind: number;
    commitment: string;
    state: string;
    /** Null where the manifest was not there. */
    sessions: number | null;
    /** Sessions whose log records were there. */
    sessionsWithRecords: number | null;
    bytes: bigint;
    /** Bytes that those records hold; null without records. */
    loggedBytes: bigint | null;
    gross: bigint;
    topUp: bigint;
    penaltyBasisPoints: number;
    penalty: bigint;
    net: bigint;
    fee: bigint;
    payouts: readonly bigint[];
    treasury: bigint;
};
export type StatementPayee = { place: number; payee: string; earned: bigint; paid: bigint; owed: bigint };
export type Statement = {
    contract: string;
    contentProvider: string;
    seller: string;
    mint: string;
    states: readonly string[];
    agrees: boolean;
    lines: readonly StatementLine[];
    payees: readonly StatementPayee[];
    deposited: bigint;
    refunded: bigint;
    owed: bigint;
    vault: bigint;
    differences: readonly Finding[];
    notChecked: readonly string[];
    notProved: readonly string[];
};

/** What no recomputation can show: the wording of protocol 7. */
export const NOT_PROVED: readonly string[] = [
    "Proved delivery means that a key admitted by the content provider's issuer acknowledged the bytes. It is not proof of a human viewer. Node and client in collusion with genuine tokens are limited by admission policy, caps and the content provider's own money.",
    'On chain are commitments and totals; raw records stay off chain and are erasable. Unsigned viewers are paid only on co-signature.',
    "Remaining trust: the content provider's issuer, auditors for service level medians, Solana finality, and the board's time-locked upgrade power.",
    "The transactions' signatures were verified; that the cluster ran them, and in this order, was taken from the RPC node.",
];

export function createStatement({ ledger, findings, manifests }: Verification, epoch: number | null): Statement {
    const { contract } = ledger;
    const places = contract?.splits.filter((_, place) => place < contract.splitCount) ?? [];
    const payees = [
        ...places.map(({ payee }, place) => ({ payee, place })),
        { payee: contract?.treasury ?? '', place: TREASURY_PLACE },
    ];
    return {
        contract: ledger.address,
        contentProvider: contract?.contentProvider ?? '',
        seller: contract?.seller ?? '',
        mint: contract?.mint ?? '',
        states: ledger.isClosed ? ['closed'] : [...ledger.states],
        agrees: findings.differences.length === 0,
        lines: [...ledger.commitments]
            .filter(([, { books }]) => epoch === null || books.epoch === epoch)
            .map(([commitment, record]) => toLine(commitment, record, manifests.get(commitment) ?? null)),
        payees: payees.map(({ payee, place }) => {
            const [paid, owed] = [ledger.paid[place] ?? 0n, contract?.owed[place] ?? 0n];
            return { place, payee, earned: paid + owed, paid, owed };
        }),
        deposited: contract?.depositedTotal ?? 0n,
        refunded: ledger.refunded,
        owed: contract === null ? 0n : owedTotal(contract),
        vault: ledger.vaultBalance,
        differences: findings.differences,
        notChecked: [...findings.notes],
        notProved: NOT_PROVED,
    };
}

type CommitmentRecord = Verification['ledger']['commitments'] extends Map<string, infer Record> ? Record : never;
type Sessions = { sessions: number; withRecords: number; loggedBytes: bigint } | null;

function toLine(commitment: string, { books, settlement }: CommitmentRecord, sessions: Sessions): StatementLine {
    return {
        epoch: books.epoch,
        kind: books.kind,
        commitment,
        state: books.state,
        sessions: sessions?.sessions ?? null,
        sessionsWithRecords: sessions?.withRecords ?? null,
        bytes: books.totalBytes,
        loggedBytes: sessions === null || sessions.withRecords === 0 ? null : sessions.loggedBytes,
        gross: books.gross,
        topUp: settlement?.topUp ?? 0n,
        penaltyBasisPoints: settlement?.penaltyBasisPoints ?? 0,
        penalty: settlement?.penalty ?? 0n,
        net: settlement?.net ?? 0n,
        fee: settlement?.fee ?? 0n,
        payouts: settlement?.payouts ?? [],
        treasury: settlement?.treasury ?? 0n,
    };
}
