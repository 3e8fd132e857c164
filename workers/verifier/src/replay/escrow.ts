import { sum } from '../protocol/money.js';
import { owedTotal, reserveAt, spokenFor } from './books.js';
import { canBeReserve, updateFunding } from './funding.js';
import { accountOf, type Handler, type Ledger } from './ledger.js';

const oneOf = (states: ReadonlySet<string>) => (told: unknown) => typeof told === 'string' && states.has(told);

/** After an event has said the state, there is no doubt left. */
export function settleState(ledger: Ledger, told: unknown): void {
    if (typeof told === 'string' && ledger.states.has(told)) ledger.states = new Set([told]);
}

export const fundContract: Handler = ({ ledger, books, instruction, events, moment }) => {
    const amount = instruction.args.amount as bigint;
    ledger.vaultBalance += amount;
    books.depositedTotal += amount;
    const before = ledger.states;
    updateFunding(ledger, moment?.time ?? null);
    const isActivated = events.has('ContractActivated');
    // The other event tells which of the two it was.
    const after = isActivated ? new Set(['active']) : ledger.states;
    const told = events.expect('ContractFunded', {
        contract: ledger.address,
        amount,
        vaultBalance: ledger.vaultBalance,
        stateBefore: oneOf(before),
        stateAfter: (state) =>
            oneOf(after)(state) && (isActivated || !before.has('proposed') || before.size > 1 || state === 'proposed'),
    });
    settleState(ledger, told?.stateAfter);
    if (!isActivated) return;
    events.expect('ContractActivated', {
        contract: ledger.address,
        vaultBalance: ledger.vaultBalance,
        reserve: (reserve) => canBeReserve(ledger, reserve as bigint),
    });
};

export const withdrawExcess: Handler = ({ ledger, books, instruction, events, findings, file, where }) => {
    const amount = instruction.args.amount as bigint;
    const before = ledger.vaultBalance;
    if (amount > before - reserveAt(books, null) - spokenFor(books))
        findings.add(file, where, 'takes out more than the reserve leaves');
    ledger.vaultBalance -= amount;
    ledger.refunded += amount;
    events.expect('ExcessWithdrawn', {
        contract: ledger.address,
        amount,
        vaultBalanceBefore: before,
        vaultBalanceAfter: ledger.vaultBalance,
    });
};

export const withdrawPayout: Handler = (step) => {
    const { ledger, books, instruction, events, findings, file, where } = step;
    const index = instruction.args.index as number;
    const amount = books.owed[index] ?? 0n;
    const payee = index === 8 ? books.treasury : (books.splits[index]?.payee ?? '');
    if (accountOf(step, 'payee') !== payee)
        findings.add(file, where, `pays ${accountOf(step, 'payee')} what ${payee} is owed`);
    books.owed[index] = 0n;
    ledger.paid[index] = (ledger.paid[index] ?? 0n) + amount;
    ledger.vaultBalance -= amount;
    const told = { contract: ledger.address, index, payee, amount };
    events.expect('PayoutReleased', { ...told, vaultBalanceAfter: ledger.vaultBalance });
    events.expect('PayoutWithdrawn', { ...told, mint: books.mint });
};

export const bondContract: Handler = ({ ledger, books, instruction, events }) => {
    const amount = instruction.args.amount as bigint;
    books.bondTotal += amount;
    books.bondFree += amount;
    events.expect('ContractBonded', {
        contract: ledger.address,
        seller: books.seller,
        amount,
        bondTotalAfter: books.bondTotal,
        bondFreeAfter: books.bondFree,
    });
};

export const releaseBond: Handler = ({ ledger, books, instruction, events }) => {
    const amount = instruction.args.amount as bigint;
    books.bondTotal -= amount;
    books.bondFree -= amount;
    events.expect('BondReleased', {
        contract: ledger.address,
        seller: books.seller,
        amount,
        bondTotalAfter: books.bondTotal,
        bondFreeAfter: books.bondFree,
    });
};

export const collectSlash: Handler = ({ ledger, books, events }) => {
    const amount = books.slashPending;
    books.slashPending = 0n;
    ledger.vaultBalance += amount;
    events.expect('SlashCollected', {
        contract: ledger.address,
        seller: books.seller,
        amount,
        vaultBalanceAfter: ledger.vaultBalance,
    });
};

export const refundContentProvider: Handler = (step) => {
    const { ledger, books, events } = step;
    const owed = spokenFor(books);
    const amount = ledger.vaultBalance - owed;
    ledger.vaultBalance = owed;
    ledger.refunded += amount;
    events.expect('ContentProviderRefunded', {
        contract: ledger.address,
        owner: accountOf(step, 'owner'),
        amount,
        owedTotal: owed,
    });
};

export const closeContract: Handler = ({ ledger, books, events, findings, file, where }) => {
    const left = owedTotal(books) + ledger.vaultBalance + sum([books.bondTotal, books.slashPending]);
    if (left !== 0n) findings.add(file, where, 'closes a contract that still holds or owes money');
    ledger.isClosed = true;
    events.expect('ContractClosed', { contract: ledger.address, rentPayer: books.rentPayer });
};
