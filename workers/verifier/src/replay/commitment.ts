import { commitmentAddress } from '../chain/address.js';
import { blankStruct, PROGRAM_IDS } from '../chain/idl.js';
import { grossOf, maxEpochBytes, sampleCount } from '../protocol/money.js';
import { type ContractBooks, closableAt, spareOf } from './books.js';
import type { CommitmentBooks } from './commitment-books.js';
import { updateFunding } from './funding.js';
import { accountOf, commitmentOf, type Handler, type Step } from './ledger.js';

const COMMITMENT_VERSION = 2;
export const KIND_COSIGNED_ONLY = 1;

type Args = Pick<
    CommitmentBooks,
    'epoch' | 'kind' | 'root' | 'depth' | 'leafCount' | 'totalBytes' | 'manifestHash' | 'slaSummary'
>;

export const commitDelivery: Handler = (step) => {
    const { ledger, books, instruction, findings, file, where } = step;
    const args = instruction.args as unknown as Args;
    const { address, bump } = commitmentAddress(PROGRAM_IDS.settlement, ledger.address, args.epoch, args.kind);
    if (accountOf(step, 'commitment') !== address || ledger.commitments.has(address)) {
        findings.add(file, where, `commits epoch ${args.epoch} a second time, or at another address`);
        return;
    }
    const gross = grossOf(
        args.totalBytes,
        books.pricePerGigabyte[args.kind] ?? 0n,
        spareOf(books, ledger.vaultBalance),
    );
    const lock = args.kind === KIND_COSIGNED_ONLY ? 0n : (gross * BigInt(books.slashMultiplierBasisPoints)) / 10_000n;
    enterEpoch(step, args);
    books.bondFree -= lock;
    books.openGross += gross;
    books.openCommitments += 1;
    const moment = momentOf(step);
    ledger.notBefore = moment.time;
    updateFunding(ledger, moment.time);
    const own: Partial<CommitmentBooks> = {
        ...args,
        version: COMMITMENT_VERSION,
        bump,
        contract: ledger.address,
        gross,
        lock,
        committedSlot: moment.slot,
        committedAt: moment.time,
        seedTargetSlot: moment.slot + BigInt(books.seedDelaySlots),
        samples: args.kind === KIND_COSIGNED_ONLY || args.totalBytes === 0n ? 0 : sampleCount(gross),
        state: args.totalBytes === 0n ? 'proven' : 'committed',
        rentPayer: accountOf(step, 'payer'),
        deadline: moment.time + BigInt(books.cosignWindowSecs),
        closableAt: closableAt(books, args.epoch),
    };
    const commitment = { ...blankStruct('settlement', 'DeliveryCommitment'), ...own } as unknown as CommitmentBooks;
    ledger.commitments.set(address, {
        books: commitment,
        reports: [],
        settlement: null,
        isClosed: false,
        isSeedTimeUnknown: false,
    });
    tellCommitted(step, address, args, commitment);
};

function tellCommitted({ ledger, events }: Step, commitment: string, args: Args, books: CommitmentBooks): void {
    events.expect('DeliveryCommitted', {
        ...args,
        commitment,
        contract: ledger.address,
        gross: books.gross,
        lock: books.lock,
        seedTargetSlot: books.seedTargetSlot,
        deadline: books.deadline,
        state: books.state,
    });
}

/** The moment of the block; without it, none that the window of the epoch would allow is known better than its end. */
function momentOf({ moment, findings, where }: Step): { slot: bigint; time: bigint } {
    if (moment !== null) return moment;
    findings.note(`${where}: the copy has no time of its block`);
    return { slot: 0n, time: 0n };
}

/** Epochs come in order, each kind once, and the kinds of one share its cap. */
function enterEpoch({ books, findings, file, where }: Step, { epoch, kind, totalBytes }: Args): void {
    const isNew = epoch > books.committedEpoch;
    const kinds = isNew ? 0 : books.committedKinds;
    const bytes = (isNew ? 0n : books.committedBytes) + totalBytes;
    const isRight = epoch >= books.committedEpoch && (kinds & (1 << kind)) === 0 && epoch < books.epochCount;
    if (!isRight) findings.add(file, where, `commits epoch ${epoch} out of order or twice`);
    if (bytes > maxEpochBytes(books.capKilobitsPerSecond, books.epochLengthSecs))
        findings.add(file, where, `commits ${bytes} bytes, more than the cap of the contract carries`);
    books.committedEpoch = epoch;
    books.committedKinds = kinds | (1 << kind);
    books.committedBytes = bytes;
}

export const cosignDelivery: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    const stateBefore = books.state;
    books.state = 'cosignedFinal';
    if (books.slaSource === 'seller') books.slaSource = 'cosigned';
    const { contract, epoch, kind, root, totalBytes, gross } = books;
    step.events.expect('DeliveryCosigned', {
        commitment: accountOf(step, 'commitment'),
        contract,
        epoch,
        kind,
        cosignedBy: accountOf(step, 'authority'),
        root,
        totalBytes,
        gross,
        stateBefore,
    });
};

/** Takes a commitment that pays nothing off the books. */
export function dropCommitment(contract: ContractBooks, { gross, lock }: CommitmentBooks, slashed: bigint): void {
    contract.openGross -= gross;
    contract.openCommitments -= 1;
    contract.bondFree += lock - slashed;
    contract.bondTotal -= slashed;
}

export const expireCommitment: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    books.state = 'expired';
    dropCommitment(step.books, books, 0n);
    const { contract, epoch, kind, gross, lock } = books;
    const commitment = accountOf(step, 'commitment');
    step.events.expect('CommitmentExpired', { commitment, contract, epoch, kind, gross, unlocked: lock });
};

export const closeCommitment: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    record.isClosed = true;
    const { contract, rentPayer } = record.books;
    step.events.expect('CommitmentClosed', { commitment: accountOf(step, 'commitment'), contract, rentPayer });
};
