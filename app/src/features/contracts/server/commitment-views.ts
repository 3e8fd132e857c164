import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { toHex } from '@ocm/sdk/core';
import type { ProviderStatus } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { CommitmentView, EpochStepView } from '../../live/snapshot';
import type { LoggedEvent, LoggedTransaction } from '../../transactions/server/transaction-log';
import { commitmentKey } from '../epochs';
import type { ChainCommitment } from './read-contracts';
import type { Evidence } from './read-evidence';

export interface CommitmentSources {
    readonly transactions: readonly LoggedTransaction[];
    readonly steps: ReadonlyMap<string, readonly EpochStepView[]>;
    readonly evidence: ReadonlyMap<string, Evidence>;
    readonly provider: ProviderStatus | null;
}

const NO_SLA = { availabilityPpm: 0, errorPpm: 0, ttfbP95Ms: 0, stallPpm: 0, sessions: 0 };

/** All commitments of a contract: those whose accounts stand, and those that only their events remember. */
export function toCommitmentViews(
    contract: string,
    accounts: readonly ChainCommitment[],
    sources: CommitmentSources,
): Map<number, CommitmentView[]> {
    const events = collectEvents(contract, sources.transactions);
    const views = new Map<string, { epoch: number; view: CommitmentView }>();
    for (const account of accounts) {
        const key = `${contract}/${account.epoch}/${account.kind}`;
        const base = {
            address: account.address.toBase58(),
            kind: account.kind,
            state: account.state,
            root: toHex(account.root),
            totalBytes: account.totalBytes.toString(),
            leafCount: account.leafCount,
            gross: account.gross.toString(),
            sla: account.slaSummary,
            open: true,
        };
        views.set(key, { epoch: account.epoch, view: complete(base, key, events.get(key), sources) });
    }
    for (const [key, logged] of events) {
        const restored = views.has(key) ? null : restore(contract, logged);
        if (restored) views.set(key, { epoch: restored.epoch, view: complete(restored.base, key, logged, sources) });
    }
    const byEpoch = new Map<number, CommitmentView[]>();
    for (const { epoch, view } of views.values()) {
        byEpoch.set(
            epoch,
            [...(byEpoch.get(epoch) ?? []), view].sort((a, b) => a.kind - b.kind),
        );
    }
    return byEpoch;
}

type Base = Omit<CommitmentView, 'penalty' | 'net' | 'fee' | 'evidence' | 'verdict' | 'steps'>;

function complete(
    base: Base,
    key: string,
    events: ReadonlyMap<string, LoggedEvent> | undefined,
    sources: CommitmentSources,
): CommitmentView {
    const settled = events?.get('DeliverySettled')?.data;
    const verdict = sources.provider?.commitments.find(({ commitment }) => commitment === base.address);
    return {
        ...base,
        penalty: amountOf(settled?.penalty),
        net: amountOf(settled?.net),
        fee: amountOf(settled?.fee),
        evidence: sources.evidence.get(base.address) ?? null,
        verdict: verdict ? { verdict: verdict.verdict, reason: verdict.reason } : null,
        steps: sources.steps.get(key) ?? [],
    };
}

function collectEvents(
    contract: string,
    transactions: readonly LoggedTransaction[],
): Map<string, Map<string, LoggedEvent>> {
    const byKey = new Map<string, Map<string, LoggedEvent>>();
    for (const event of transactions.flatMap(({ events }) => events)) {
        const key = commitmentKey(event.data);
        if (!key?.startsWith(`${contract}/`)) continue;
        byKey.set(key, (byKey.get(key) ?? new Map()).set(event.name, event));
    }
    return byKey;
}

/** A closed account's figures from the event of its commitment. */
function restore(contract: string, events: ReadonlyMap<string, LoggedEvent>): { epoch: number; base: Base } | null {
    const committed = events.get('DeliveryCommitted')?.data;
    if (!committed || typeof committed.epoch !== 'number') return null;
    const kind = Number(committed.kind ?? 0);
    const address = findDeliveryCommitmentAddress({
        contract: new PublicKey(contract),
        epoch: committed.epoch,
        kind: kind as ChainCommitment['kind'],
    });
    const state = events.has('DeliverySettled') ? 'settled' : events.has('CommitmentExpired') ? 'expired' : 'committed';
    return {
        epoch: committed.epoch,
        base: {
            address: address.toBase58(),
            kind,
            state,
            root: committed.root instanceof Uint8Array ? toHex(committed.root) : '',
            totalBytes: amountOf(committed.totalBytes ?? committed.bytes) ?? '0',
            leafCount: typeof committed.leafCount === 'number' ? committed.leafCount : 0,
            gross: amountOf(committed.gross) ?? '0',
            sla: NO_SLA,
            open: false,
        },
    };
}

function amountOf(value: unknown): string | null {
    return typeof value === 'bigint' ? value.toString() : null;
}
