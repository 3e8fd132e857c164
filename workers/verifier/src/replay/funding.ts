import { maxEpochGross } from '../protocol/money.js';
import { reserveAt, spokenFor } from './books.js';
import type { Ledger } from './ledger.js';

/**
 * States that the contract can be in after its funding was looked at. The reserve shrinks as epochs pass, so that with an
 * unknown time both ends are tried: from the last known moment to after the last epoch.
 */
export function updateFunding(ledger: Ledger, now: bigint | null): void {
    const { contract, vaultBalance } = ledger;
    if (contract === null) return;
    const needs = (at: bigint | null) => reserveAt(contract, at) + spokenFor(contract);
    const canSuffice = vaultBalance >= needs(now);
    const canLack = vaultBalance < needs(now ?? ledger.notBefore);
    const next = new Set<string>();
    for (const state of ledger.states) {
        const isFundable = state === 'proposed' || state === 'underfunded';
        if (isFundable && canSuffice) next.add('active');
        if (isFundable && canLack) next.add(state);
        if (state === 'active' && canSuffice) next.add('active');
        if (state === 'active' && canLack) next.add('underfunded');
        if (!isFundable && state !== 'active') next.add(state);
    }
    ledger.states = next;
}

/** Whether a reserve is one that the contract can have had at a moment that is not known: a whole number of its dearest epochs. */
export function canBeReserve({ contract, notBefore }: Ledger, told: bigint): boolean {
    if (contract === null || told < reserveAt(contract, null) || told > reserveAt(contract, notBefore)) return false;
    const epoch = maxEpochGross(contract);
    return epoch === 0n || (told - contract.openGross) % epoch === 0n;
}
