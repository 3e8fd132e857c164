import { shorten } from '../../lib/format';
import type { Tone } from '../../ui/state-badge';
import type { EpochPhase, PartyView } from '../live/snapshot';

export const STATE_WORDS: Readonly<Record<string, { word: string; tone: Tone; meaning: string }>> = {
    proposed: { word: 'Proposed', tone: 'neutral', meaning: 'Agreed, waiting for escrow to cover the reserve.' },
    active: { word: 'Active', tone: 'good', meaning: 'Escrow covers the reserve; deliveries are payable.' },
    underfunded: {
        word: 'Underfunded',
        tone: 'warn',
        meaning: 'Escrow is below the reserve; no new tokens are issued.',
    },
    closing: { word: 'Closing', tone: 'active', meaning: 'No further epochs; open commitments are being settled.' },
    settled: { word: 'Settled', tone: 'good', meaning: 'All commitments are final; the rest of the escrow goes back.' },
    cancelled: { word: 'Cancelled', tone: 'neutral', meaning: 'Cancelled before it started; the escrow was returned.' },
};

export const PHASE_WORDS: Readonly<Record<EpochPhase, { word: string; tone: Tone; meaning: string }>> = {
    running: { word: 'Running', tone: 'active', meaning: 'Deliveries of this epoch are going on.' },
    'awaiting-commitment': {
        word: 'Awaiting commitment',
        tone: 'neutral',
        meaning: 'The epoch ended; the operator may commit its deliveries.',
    },
    committed: { word: 'Committed', tone: 'active', meaning: 'Root and totals are on chain; not co-signed yet.' },
    cosigned: { word: 'Co-signed', tone: 'active', meaning: 'The content provider agrees; anyone may settle.' },
    settled: { word: 'Settled', tone: 'good', meaning: 'Shares are credited to the payees.' },
    failed: { word: 'Failed', tone: 'bad', meaning: 'The commitment was not proved; it pays nothing.' },
    expired: { word: 'Expired', tone: 'warn', meaning: 'Not co-signed in time; it pays nothing.' },
    'not-committed': {
        word: 'Nothing committed',
        tone: 'neutral',
        meaning: 'The commit window passed without a commitment.',
    },
};

/** Kinds of commitment, protocol 6.3. */
export const KIND_WORDS: readonly string[] = ['receipted unicast', 'co-signed only', 'receipted multicast'];

export function partyName(party: PartyView): string {
    return party.label ?? shorten(party.owner ?? party.participant);
}
