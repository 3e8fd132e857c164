import { type ContractView, lastUseMs } from '../topology/view.js';

/** `closed`: settled or cancelled before its account was closed. */
export type ContractEnd = 'settled' | 'cancelled' | 'over' | 'closed';

/**
 * Why nothing will be delivered under a contract any more; null while that is not certain. No account comes back from a
 * terminal state and no term grows, so what an old view says of an end is as true today.
 * @param protocolMs time of the cluster; null if it is not known for sure
 */
export function endOf(
    contract: ContractView,
    { protocolMs, tokenGraceSecs }: { protocolMs: number | null; tokenGraceSecs: number },
): ContractEnd | null {
    if (contract.state === 'settled' || contract.state === 'cancelled') return contract.state;
    return protocolMs !== null && lastUseMs(contract, tokenGraceSecs) <= protocolMs ? 'over' : null;
}
