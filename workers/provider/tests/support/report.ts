import type { DeliveryReport } from '@ocm/sdk/http';
import { namedAddress } from '../../../runtime/tests/support/sessions.js';
import { NOT_PROVED, NOTES } from '../../src/report/wording.js';

const named = (name: string) => namedAddress(name).toBase58();
const FIGURES = { availabilityPpm: null, errorPpm: 12, ttfbP95Ms: 80, stallPpm: null };

/** A report with so many epochs, in which others have had a say: the reason of a refusal. */
export function createReportFixture({ epochs = 3, reason = 'all agree' } = {}): DeliveryReport {
    return {
        version: 1,
        contract: named('contract'),
        contentProvider: named('content provider'),
        seller: named('seller'),
        mint: named('mint'),
        from: 0,
        to: epochs - 1,
        beginsAt: 1_800_000_000,
        endsAt: 1_800_000_000 + 3_600 * epochs,
        timezone: 'Europe/Berlin',
        committedBytes: '18446744073709551615',
        sessionBytes: '18446744073709551614',
        sessions: 3,
        byHour: [{ hour: '2027-01-15T09:00+01:00', bytes: '18446744073709551614', sessions: 3 }],
        byGroup: [{ group: 4_294_967_295, bytes: '18446744073709551614', sessions: 3 }],
        byFootprint: [{ footprints: ['ipv4cidr:192.0.2.0/24'], bytes: '18446744073709551614', sessions: 3 }],
        byNode: [{ node: named('node'), footprints: [], bytes: '18446744073709551614', sessions: 3 }],
        cache: null,
        unreadableLogs: 0,
        quality: {
            copies: 2,
            copiedBytes: '7',
            uncommittedCopies: 0,
            uncommittedBytes: '0',
            figures: FIGURES,
            tiers: [{ metric: 'ttfb', threshold: 500, basisPoints: 100, measured: 80, isKept: true }],
        },
        epochs: Array.from({ length: epochs }, (_, epoch) => ({
            epoch,
            kind: 0,
            commitment: named(`commitment ${epoch}`),
            root: 'ab'.repeat(32),
            committedBytes: String(1_000 + epoch),
            sessionBytes: null,
            sessions: null,
            state: 'settled',
            verdict: 'refused' as const,
            reason,
            settledFigures: FIGURES,
            gross: '9000001',
            topUp: '0',
            penaltyBasisPoints: 0,
            penalty: '0',
            net: '9000001',
        })),
        money: {
            gross: '27000003',
            topUp: '0',
            penalty: '0',
            net: '27000003',
            fee: '540000',
            settledCommitments: epochs,
            openCommitments: 0,
            payees: [{ role: 'treasury', payee: named('treasury'), amount: '540003' }],
            isComplete: true,
        },
        notProved: [...NOT_PROVED],
        notes: [...NOTES],
    };
}
