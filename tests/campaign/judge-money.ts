import { type Contract, computeGross, computeSettlement, TREASURY_INDEX, type WithAddress } from '@ocm/sdk';
import { FEE_BASIS_POINTS, readContract, tokenBalance } from '../support/index.js';
import type { Past } from './read-history.js';
import type { World } from './world.js';

export type MoneyInput = {
    world: World;
    contract: WithAddress<Contract>;
    past: Past;
    /** What viewers signed, by epoch. */
    epochBytes: ReadonlyMap<number, bigint>;
};

/** Holds what each payee got or may withdraw against what the viewers' receipts come to, to the base unit. */
export async function judgeMoney({ world, contract, past, epochBytes }: MoneyInput) {
    const { market } = world.chain;
    const complain = (what: string) =>
        world.history.violated(`contract ${contract.address.toBase58().slice(0, 8)}: ${what}`);
    const due = computeDue(contract, epochBytes);
    const withdrawn = new Map<number, bigint>();
    for (const event of past.contract) {
        if (event.name !== 'PayoutWithdrawn') continue;
        const { index, amount } = event.data;
        withdrawn.set(index, (withdrawn.get(index) ?? 0n) + amount);
    }
    const now = await readContract(market, contract);
    for (const [index, amount] of due.entries()) {
        const got = (withdrawn.get(index) ?? 0n) + (now.owed[index] ?? 0n);
        if (got !== amount) complain(`payee ${index} gets ${got} and is due ${amount}`);
    }
    const paid = [...withdrawn.values()].reduce((sum, amount) => sum + amount, 0n);
    const held = await tokenBalance(market, contract.vault);
    if (held + paid !== now.depositedTotal)
        complain(`the vault holds ${held}, paid ${paid}, and was given ${now.depositedTotal}`);
    const operator = due[0] ?? 0n;
    return { paid: withdrawn.get(0) ?? 0n, due: operator };
}

/** By place of the payee in the contract's splits, the treasury at its own. */
function computeDue({ pricePerGigabyte, splits }: Contract, epochBytes: ReadonlyMap<number, bigint>): bigint[] {
    const due = Array.from({ length: TREASURY_INDEX + 1 }, () => 0n);
    for (const bytes of epochBytes.values()) {
        const { payouts, treasury } = computeSettlement({
            gross: computeGross({ bytes, pricePerGigabyte: pricePerGigabyte[0] }),
            topUp: 0n,
            penaltyBasisPoints: 0,
            feeBasisPoints: FEE_BASIS_POINTS,
            splits,
        });
        for (const [index, amount] of payouts.entries()) due[index] = (due[index] ?? 0n) + amount;
        due[TREASURY_INDEX] = (due[TREASURY_INDEX] ?? 0n) + treasury;
    }
    return due;
}
