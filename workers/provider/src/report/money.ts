import type { Contract, WithAddress } from '@ocm/sdk';
import type { DeliveryReport } from '@ocm/sdk/http';
import type { CommitmentFacts, SettlementFacts } from './ports.js';

/** States in which nothing will be paid any more. */
const OVER: readonly string[] = ['settled', 'failed', 'expired'];

/** What the commitments of the range came to and to whom it went, as the settlements on chain say. Nothing is estimated. */
export function computeMoney(
    contract: WithAddress<Contract>,
    commitments: readonly CommitmentFacts[],
    settlements: readonly SettlementFacts[],
): DeliveryReport['money'] {
    const addresses = new Set(commitments.map(({ address }) => address.toBase58()));
    const own = settlements.filter(({ commitment }) => addresses.has(commitment.toBase58()));
    const sum = (of: (settlement: SettlementFacts) => bigint) =>
        own.reduce((total, settlement) => total + of(settlement), 0n).toString();
    const grossOf = new Map(commitments.map(({ address, gross }) => [address.toBase58(), gross]));
    return {
        gross: sum(({ commitment }) => grossOf.get(commitment.toBase58()) ?? 0n),
        topUp: sum(({ topUp }) => topUp),
        penalty: sum(({ penalty }) => penalty),
        net: sum(({ net }) => net),
        fee: sum(({ fee }) => fee),
        settledCommitments: own.length,
        openCommitments: commitments.filter(({ state }) => !OVER.includes(state)).length,
        payees: [
            ...contract.splits.map(({ payee }, place) => ({
                role: 'split' as const,
                payee: payee.toBase58(),
                amount: sum(({ payouts }) => payouts[place] ?? 0n),
            })),
            {
                role: 'treasury' as const,
                payee: contract.treasury.toBase58(),
                amount: sum(({ treasury }) => treasury),
            },
        ],
        isComplete: hasNoGap(settlements, contract.historySize),
    };
}

/** Each settlement says which one of the contract's history it is. */
function hasNoGap(settlements: readonly SettlementFacts[], historySize: bigint): boolean {
    const places = new Set(settlements.map((settlement) => settlement.historySize));
    for (let place = 1n; place <= historySize; place += 1n) if (!places.has(place)) return false;
    return true;
}
