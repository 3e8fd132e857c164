import { describe, expect, it } from 'vitest';
import type { CommitmentView } from '../live/snapshot';
import type { LoggedTransaction } from '../transactions/server/transaction-log';
import { toRows } from './components/epochs-table';
import { splitVault } from './components/escrow-panel';
import { collectSteps, listEpochs, MAX_EPOCHS } from './epochs';
import { describeSla } from './sla-words';

const TERMS = {
    genesisAtSecs: 1_000,
    epochLengthSecs: 20,
    epochCount: 4,
    commitDelaySecs: 5,
    commitWindowSecs: 30,
    ended: false,
};

function commitment(state: string): CommitmentView {
    return {
        address: 'a',
        kind: 0,
        state,
        root: '',
        totalBytes: '1',
        leafCount: 1,
        gross: '1',
        penalty: null,
        net: null,
        fee: null,
        sla: { availabilityPpm: 0, errorPpm: 0, ttfbP95Ms: 0, stallPpm: 0, sessions: 0 },
        evidence: null,
        verdict: null,
        steps: [],
        open: true,
    };
}

describe('epochs', () => {
    it('lists none before the first begins, and never more than agreed', () => {
        expect(listEpochs(TERMS, new Map(), 999)).toEqual([]);
        expect(listEpochs(TERMS, new Map(), 9_999)).toHaveLength(4);
    });

    it('goes from running to awaiting to nothing committed exactly at the chain’s windows', () => {
        const phaseAt = (nowSecs: number) => listEpochs(TERMS, new Map(), nowSecs)[0]?.phase;
        expect(phaseAt(1_000)).toBe('running');
        expect(phaseAt(1_019)).toBe('running');
        expect(phaseAt(1_020)).toBe('awaiting-commitment');
        expect(phaseAt(1_054)).toBe('awaiting-commitment');
        expect(phaseAt(1_055)).toBe('not-committed');
    });

    it('follows the commitment as soon as there is one', () => {
        for (const [state, phase] of [
            ['committed', 'committed'],
            ['cosignedFinal', 'cosigned'],
            ['settled', 'settled'],
            ['expired', 'expired'],
        ] as const) {
            const epochs = listEpochs(TERMS, new Map([[0, [commitment(state)]]]), 9_999);
            expect(epochs[0]?.phase).toBe(phase);
        }
    });

    it('is as far as the least far of several commitments', () => {
        const both = new Map([[0, [commitment('settled'), commitment('committed')]]]);
        expect(listEpochs(TERMS, both, 9_999)[0]?.phase).toBe('committed');
    });

    it('shows the newest epochs of a long contract', () => {
        const epochs = listEpochs({ ...TERMS, epochCount: 100_000 }, new Map(), 1_000 + 20 * 50_000);
        expect(epochs).toHaveLength(MAX_EPOCHS);
        expect(epochs.at(-1)?.epoch).toBe(50_000);
    });
});

describe('rows of epochs', () => {
    it('let epochs without a commitment that stand the same share one row, newest first', () => {
        const commitments = new Map([[2, [commitment('settled')]]]);
        const rows = toRows(listEpochs({ ...TERMS, epochCount: 9 }, commitments, 1_000 + 20 * 5 + 1));
        expect(rows.map(({ first, epoch }) => [first.epoch, epoch.epoch, epoch.phase])).toEqual([
            [5, 5, 'running'],
            [3, 4, 'awaiting-commitment'],
            [2, 2, 'settled'],
            [0, 1, 'not-committed'],
        ]);
    });
});

describe('the steps of a commitment', () => {
    it('are its transactions in the order in which they happened', () => {
        const step = (signature: string, name: string, slot: number): LoggedTransaction => ({
            signature,
            slot,
            atSecs: slot,
            failed: false,
            events: [{ name, data: { contract: 'C', epoch: 3, kind: 0 } }],
        });
        const newestFirst = [
            step('s3', 'DeliverySettled', 3),
            step('s2', 'DeliveryCosigned', 2),
            step('s1', 'DeliveryCommitted', 1),
        ];
        expect(
            collectSteps(newestFirst)
                .get('C/3/0')
                ?.map(({ name, signature }) => `${name} ${signature}`),
        ).toEqual(['Committed s1', 'Co-signed s2', 'Settled s3']);
    });
});

describe('the service level in words', () => {
    it('says what is refunded when, and at most how much', () => {
        expect(
            describeSla({
                maxPenaltyBasisPoints: 5_000,
                tiers: [
                    { metric: 'availability', threshold: 999_000, basisPoints: 500 },
                    { metric: 'ttfb', threshold: 250, basisPoints: 250 },
                ],
            }),
        ).toEqual([
            "Availability below 99.9 %: 5 % of the epoch's price is refunded.",
            "95th percentile of time to first byte above 250 ms: 2.5 % of the epoch's price is refunded.",
            'The worst tier of each metric counts; refunds add up to at most 50 % of an epoch.',
        ]);
    });

    it('says so when nothing is refunded', () => {
        expect(describeSla({ maxPenaltyBasisPoints: 0, tiers: [] })).toEqual(['No refund is agreed for poor service.']);
    });
});

describe('the parts of the vault', () => {
    const escrow = { deposited: '0', openGross: '0', paidTotal: '0', penaltyTotal: '0', grossTotal: '0' };

    it('count what is owed first, then the reserve, then the rest', () => {
        expect(splitVault({ ...escrow, balance: '100', owed: '30', reserve: '50' })).toEqual({
            owed: 30n,
            reserved: 50n,
            free: 20n,
        });
        expect(splitVault({ ...escrow, balance: '60', owed: '30', reserve: '50' })).toEqual({
            owed: 30n,
            reserved: 30n,
            free: 0n,
        });
        expect(splitVault({ ...escrow, balance: null, owed: '30', reserve: '50' })).toEqual({
            owed: 0n,
            reserved: 0n,
            free: 0n,
        });
    });
});
