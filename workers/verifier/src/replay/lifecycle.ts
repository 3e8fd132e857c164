import { owedTotal } from './books.js';
import { settleState } from './escrow.js';
import { accountOf, type Handler } from './ledger.js';

/** What is left to sell of an offer is the offer's business; a contract's own history does not tell it. */
const isAmount = (told: unknown) => typeof told === 'bigint';

export const rotateIssuer: Handler = ({ ledger, books, instruction, events }) => {
    const { slot, issuer, fromEpoch } = instruction.args as { slot: number; issuer: string; fromEpoch: number };
    const issuerBefore = books.issuer[slot] ?? '';
    books.issuer[slot] = issuer;
    books.issuerFromEpoch[slot] = fromEpoch;
    events.expect('IssuerRotated', { contract: ledger.address, slot, issuerBefore, issuerAfter: issuer, fromEpoch });
};

export const terminateContract: Handler = (step) => {
    const { ledger, books, instruction, events } = step;
    const notice = instruction.args.noticeEpochs as number;
    const before = books.epochCount;
    const told = events.expect('ContractTerminated', {
        contract: ledger.address,
        terminatedBy: accountOf(step, 'authority'),
        epochCountBefore: before,
        // The present epoch and the notice; which epoch was the present one only the time says.
        epochCountAfter: (after) => typeof after === 'number' && after > notice && after < before,
    });
    if (typeof told?.epochCountAfter === 'number') books.epochCount = told.epochCountAfter;
};

export const beginClosing: Handler = ({ ledger, events }) => {
    const before = ledger.states;
    const told = events.expect('ContractClosingBegun', {
        contract: ledger.address,
        stateBefore: (state) => typeof state === 'string' && before.has(state),
        offerRemainingAfter: isAmount,
    });
    settleState(ledger, told?.stateBefore);
    ledger.states = new Set(['closing']);
};

export const finishContract: Handler = ({ ledger, books, events }) => {
    ledger.states = new Set(['settled']);
    events.expect('ContractSettled', {
        contract: ledger.address,
        paidTotal: books.paidTotal,
        penaltyTotal: books.penaltyTotal,
        owedTotal: owedTotal(books),
        settledCommitments: books.settledCommitments,
    });
};

export const cancelContract: Handler = (step) => {
    step.ledger.states = new Set(['cancelled']);
    step.events.expect('ContractCancelled', {
        contract: step.ledger.address,
        cancelledBy: accountOf(step, 'authority'),
        offerRemainingAfter: isAmount,
    });
};

export const upgradeContract: Handler = ({ ledger, events, findings }) => {
    findings.note(
        'the contract was made by an earlier version of the program: what came before its upgrade was not replayed',
    );
    events.expect('ContractUpgraded', { contract: ledger.address, version: 2 });
};
