import { addressBytes } from '../chain/address.js';
import { historyFrontier, historyLeaf } from '../protocol/history.js';
import { least, most, settle, share } from '../protocol/money.js';
import { isSevere, penaltyBasisPoints, severeSlash } from '../protocol/sla.js';
import { type ContractBooks, spareOf, TREASURY_PLACE } from './books.js';
import type { CommitmentBooks, SettlementLine } from './commitment-books.js';
import { updateFunding } from './funding.js';
import { accountOf, commitmentOf, type Handler } from './ledger.js';

const KIND_RECEIPTED_UNICAST = 0;

/** What one settlement comes to, by protocol 6.9, from the terms and the commitment alone. */
export function recompute(contract: ContractBooks, books: CommitmentBooks, vaultBalance: bigint): SettlementLine {
    const points = penaltyBasisPoints(contract.sla, books.slaSummary);
    const severe = isSevere(contract.sla, points);
    const mayTopUp = books.kind === KIND_RECEIPTED_UNICAST && books.slaSource !== 'seller' && !severe;
    const wanted = most(0n, contract.commitFeePerEpoch - books.gross);
    const topUp = mayTopUp ? least(wanted, spareOf(contract, vaultBalance)) : 0n;
    const result = settle({
        earned: books.gross + topUp,
        penaltyBasisPoints: points,
        feeBasisPoints: contract.feeBasisPoints,
        splits: contract.splits,
    });
    const slashed = severe ? severeSlash(books.lock, contract.commitFeePerEpoch, contract.sla.slashBasisPoints) : 0n;
    return { topUp, penaltyBasisPoints: points, slashed, ...result };
}

export const settleDelivery: Handler = (step) => {
    const { ledger, books: contract, events, findings, file, where, moment } = step;
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    if (books.state !== 'cosignedFinal' && books.state !== 'proven')
        findings.add(file, where, `settles a commitment that is ${books.state}`);
    const line = recompute(contract, books, ledger.vaultBalance);
    record.settlement = line;
    books.state = 'settled';
    book(contract, books, line);
    ledger.historyLeaves.push(
        historyLeaf({ ...books, commitment: addressBytes(accountOf(step, 'commitment')), penalty: line.penalty }),
    );
    contract.historySize += 1n;
    contract.historyFrontier = historyFrontier(ledger.historyLeaves);
    contract.settledCommitments += 1;
    updateFunding(ledger, moment?.time ?? null);
    const { contract: contractAddress, epoch, kind, totalBytes, gross, lock } = books;
    const { slashed, ...amounts } = line;
    events.expect('DeliverySettled', {
        ...amounts,
        commitment: accountOf(step, 'commitment'),
        contract: contractAddress,
        epoch,
        kind,
        totalBytes,
        gross,
        feeBasisPoints: contract.feeBasisPoints,
        unlocked: lock - slashed,
        slashed,
        historySize: contract.historySize,
    });
};

/** Moves a settlement's amounts through the contract's totals. */
function book(contract: ContractBooks, books: CommitmentBooks, line: SettlementLine): void {
    const addAt = (totals: bigint[], place: number, amount: bigint) => {
        totals[place] = (totals[place] ?? 0n) + amount;
    };
    contract.openGross -= books.gross;
    contract.openCommitments -= 1;
    contract.bondFree += books.lock - line.slashed;
    contract.bondTotal -= line.slashed;
    contract.slashPending += line.slashed;
    addAt(contract.cumBytes, books.kind, books.totalBytes);
    addAt(contract.grossTotal, books.kind, books.gross);
    contract.penaltyTotal += line.penalty;
    contract.topUpTotal += line.topUp;
    contract.paidTotal += line.net;
    for (const [place, amount] of line.payouts.entries()) addAt(contract.owed, place, amount);
    addAt(contract.owed, TREASURY_PLACE, line.treasury);
}

/** What of a lock is lost for evidence that never came. */
export const livenessSlash = (contract: ContractBooks, lock: bigint): bigint =>
    share(lock, contract.livenessSlashBasisPoints);
