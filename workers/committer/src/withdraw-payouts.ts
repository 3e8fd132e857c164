import { type Backoff, errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import type { PublicKey } from '@solana/web3.js';
import type { Intents } from './intents.js';
import type { CommitterChain, ContractTerms, PayoutChain, TransactionFinisher } from './ports.js';
import type { Telemetry } from './telemetry.js';

export type WithdrawDeps = {
    chain: Pick<CommitterChain, 'listContracts'>;
    payouts: PayoutChain;
    finisher: TransactionFinisher;
    intents: Intents;
    backoff: Backoff;
    telemetry: Telemetry;
    /** Base units below which a payout is left to grow: each costs a transaction. */
    minimum: bigint;
    log: Logger;
};
export type WithdrawSummary = Record<'withdrawn' | 'waiting' | 'failed', number>;

/**
 * One pass over what the contracts owe to the participant's own wallets: what reaches the minimum is paid into the
 * wallet's token account. The program zeroes the debt with the transfer, so that nothing is paid twice.
 */
export async function withdrawPayouts(deps: WithdrawDeps, signal: AbortSignal): Promise<WithdrawSummary> {
    const summary: WithdrawSummary = { withdrawn: 0, waiting: 0, failed: 0 };
    const payees = await deps.payouts.fetchPayees();
    for (const contract of await deps.chain.listContracts())
        for (const index of listDue(contract, payees, deps.minimum)) {
            signal.throwIfAborted();
            const key = `withdraw/${index}/${contract.address.toBase58()}`;
            if (!deps.backoff.isDue(key)) summary.waiting += 1;
            else if (await withdraw(deps, contract, index, key, signal)) summary.withdrawn += 1;
            else summary.failed += 1;
        }
    return summary;
}

/** Places of the split that belong to these wallets and are owed enough. */
export function listDue(
    { splits, owed }: Pick<ContractTerms, 'splits' | 'owed'>,
    payees: readonly PublicKey[],
    minimum: bigint,
): number[] {
    return splits.flatMap(({ payee }, index) => {
        const amount = owed[index] ?? 0n;
        return amount > 0n && amount >= minimum && payees.some((wallet) => wallet.equals(payee)) ? [index] : [];
    });
}

async function withdraw(
    { payouts, finisher, intents, backoff, telemetry, log }: WithdrawDeps,
    contract: ContractTerms,
    index: number,
    key: string,
    signal: AbortSignal,
): Promise<boolean> {
    const where = { contract: contract.address.toBase58(), index, owed: contract.owed[index]?.toString() };
    try {
        const result = await intents.once(finisher, {
            key,
            label: 'withdraw_payout',
            signal,
            send: (options) => payouts.withdraw(contract, index, options),
        });
        backoff.forget(key);
        telemetry.clear(contract.address);
        telemetry.withdrew();
        log.info({ ...where, result }, 'payout withdrawn');
        return true;
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        backoff.failed(key);
        telemetry.trouble(contract.address, error);
        log.warn({ ...where, code: errorCodeOf(error), err: error }, 'payout not withdrawn');
        return false;
    }
}
