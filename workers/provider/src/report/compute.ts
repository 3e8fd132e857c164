import type { CapacityClaim, Contract, WithAddress } from '@ocm/sdk';
import { computeEpochBounds } from '@ocm/sdk';
import { toHex } from '@ocm/sdk/core';
import type { DeliveryReport, ReportEpoch } from '@ocm/sdk/http';
import type { Verdict } from '../ledger.js';
import { listFootprints } from './footprints.js';
import { createHourNamer } from './hours.js';
import { computeMoney } from './money.js';
import type { CacheTally, CommitmentFacts, SettlementFacts } from './ports.js';
import { type Copy, compareTiers, computeFigures } from './quality.js';
import { type CountedSession, sumBytes, type Tally, tallyBy } from './sessions.js';
import { NOT_PROVED, NOTES } from './wording.js';

const PPM = 1_000_000n;
/** A token outlives its epoch by 600 s, and its last byte the token by as much (protocol 6.7). */
const LATEST_RECEIPT_SECS = 1_200n;

export type CountedCommitment = {
    facts: CommitmentFacts;
    /** Null when no manifest gives the root on chain. */
    sessions: CountedSession[] | null;
    verdict: Verdict | undefined;
};
export type ReportInput = {
    contract: WithAddress<Contract>;
    claims: readonly WithAddress<CapacityClaim>[];
    from: number;
    to: number;
    timezone: string;
    /** Of the range, by epoch and kind. */
    commitments: readonly CountedCommitment[];
    /** Of the whole contract. */
    settlements: readonly SettlementFacts[];
    copies: readonly Copy[];
    cache: CacheTally | null;
};

/** The report of a contract: a pure function of what is given, in an order that does not depend on how it was gathered. */
export function computeReport(input: ReportInput): DeliveryReport {
    const { contract, commitments, cache, from, to } = input;
    const sessions = commitments.flatMap((commitment) => commitment.sessions ?? []);
    const hours = createHourNamer(input.timezone);
    const footprints = listFootprints(input.claims);
    const footprintsOf = (node: string) => footprints.get(node) ?? [];
    const facts = commitments.map((commitment) => commitment.facts);
    const settled = new Map(input.settlements.map((each) => [each.commitment.toBase58(), each]));
    return {
        version: 1,
        contract: contract.address.toBase58(),
        contentProvider: contract.contentProvider.toBase58(),
        seller: contract.seller.toBase58(),
        mint: contract.mint.toBase58(),
        from,
        to,
        beginsAt: Number(computeEpochBounds(contract, from).beginsAt),
        endsAt: Number(computeEpochBounds(contract, to).endsAt),
        timezone: hours.timezone,
        committedBytes: facts.reduce((sum, { totalBytes }) => sum + totalBytes, 0n).toString(),
        sessionBytes: sumBytes(sessions).toString(),
        sessions: sessions.length,
        byHour: list(earliestFirst(sessions), ({ lastMs }) => hours.name(clampMs(lastMs, contract, from, to))).map(
            ([hour, tally]) => ({
                hour,
                ...tally,
            }),
        ),
        byGroup: sorted(sessions, ({ group }) => group).map(([group, tally]) => ({ group, ...tally })),
        byFootprint: sorted(sessions, ({ node }) => footprintsOf(node).join(' ')).map(([name, tally]) => ({
            footprints: name === '' ? [] : name.split(' '),
            ...tally,
        })),
        byNode: sorted(sessions, ({ node }) => node).map(([node, tally]) => ({
            node,
            footprints: footprintsOf(node),
            ...tally,
        })),
        cache: toCache(cache),
        unreadableLogs: cache?.unreadable ?? 0,
        quality: computeQuality(input, new Set(sessions.map(({ key }) => key))),
        epochs: commitments.map((commitment) => toEpoch(commitment, settled.get(commitment.facts.address.toBase58()))),
        money: computeMoney(contract, facts, input.settlements),
        notProved: [...NOT_PROVED],
        notes: [...NOTES],
    };
}

const earliestFirst = (sessions: readonly CountedSession[]) =>
    [...sessions].sort((left, right) => (left.lastMs < right.lastMs ? -1 : left.lastMs > right.lastMs ? 1 : 0));

/** A viewer writes the time of its last byte itself: what lies outside of the range counts at its edge. */
function clampMs(lastMs: bigint, contract: WithAddress<Contract>, from: number, to: number): number {
    const earliest = computeEpochBounds(contract, from).beginsAt * 1_000n;
    const latest = (computeEpochBounds(contract, to).endsAt + LATEST_RECEIPT_SECS) * 1_000n;
    return Number(lastMs < earliest ? earliest : lastMs > latest ? latest : lastMs);
}

/** In order of first appearance. */
function list<Name>(sessions: readonly CountedSession[], nameOf: (session: CountedSession) => Name) {
    return [...tallyBy(sessions, nameOf)].map(([name, { bytes, sessions: count }]: [Name, Tally]) => {
        const amount: { bytes: string; sessions: number } = { bytes: bytes.toString(), sessions: count };
        return [name, amount] as const;
    });
}

function sorted<Name extends string | number>(
    sessions: readonly CountedSession[],
    nameOf: (session: CountedSession) => Name,
) {
    return list(sessions, nameOf).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function toCache(tally: CacheTally | null): DeliveryReport['cache'] {
    if (tally === null || tally.loggedBytes === 0n) return null;
    return {
        cachedBytes: tally.cachedBytes.toString(),
        loggedBytes: tally.loggedBytes.toString(),
        ratioPpm: Number((tally.cachedBytes * PPM) / tally.loggedBytes),
        logFiles: tally.files,
    };
}

function computeQuality({ contract, copies }: ReportInput, committed: ReadonlySet<string>): DeliveryReport['quality'] {
    const figures = computeFigures(copies);
    const bytesOf = (some: readonly Copy[]) => sumBytes(some.map(({ receipt }) => receipt)).toString();
    const uncommitted = copies.filter(({ key, receipt }) => !committed.has(key) && receipt.bytes > 0n);
    return {
        copies: copies.length,
        copiedBytes: bytesOf(copies),
        uncommittedCopies: uncommitted.length,
        uncommittedBytes: bytesOf(uncommitted),
        figures,
        tiers: compareTiers(contract.sla, figures),
    };
}

function toEpoch({ facts, sessions, verdict }: CountedCommitment, settled: SettlementFacts | undefined): ReportEpoch {
    const { availabilityPpm, errorPpm, ttfbP95Ms, stallPpm } = facts.slaSummary;
    return {
        epoch: facts.epoch,
        kind: facts.kind,
        commitment: facts.address.toBase58(),
        root: toHex(facts.root),
        committedBytes: facts.totalBytes.toString(),
        sessionBytes: sessions === null ? null : sumBytes(sessions).toString(),
        sessions: sessions?.length ?? null,
        state: facts.state,
        verdict: verdict?.verdict ?? null,
        reason: verdict?.reason ?? null,
        settledFigures: { availabilityPpm, errorPpm, ttfbP95Ms, stallPpm },
        gross: facts.gross.toString(),
        topUp: settled?.topUp.toString() ?? null,
        penaltyBasisPoints: settled?.penaltyBasisPoints ?? null,
        penalty: settled?.penalty.toString() ?? null,
        net: settled?.net.toString() ?? null,
    };
}
