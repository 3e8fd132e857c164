import { type DecodedInstruction, decodeEvent, decodeInstruction } from '../chain/idl.js';
import type { WireInstruction } from '../chain/wire.js';
import type { CopyTransaction } from '../copy/layout.js';
import { errorMessageOf } from '../errors.js';
import type { Findings } from '../findings.js';
import { fromBase64 } from '../protocol/bytes.js';
import { answerEvidence, answerInclusion, challengeLeaf, closeChallenge, failCommitment } from './challenges.js';
import { closeCommitment, commitDelivery, cosignDelivery, expireCommitment } from './commitment.js';
import * as escrow from './escrow.js';
import { InstructionEvents, type ToldEvent } from './events.js';
import { createLedger, type Handler, type Ledger, type Moment } from './ledger.js';
import * as lifecycle from './lifecycle.js';
import { createOpening, type OpeningDeps, postOffer } from './opening.js';
import { proveEvidence, proveInclusion, rearmSeed, seedCommitment } from './proofs.js';
import { closeReport, reportSla, resolveSla } from './reports.js';
import { Scope, TIMED_INSTRUCTIONS } from './scope.js';
import { settleDelivery } from './settlement.js';
import { receiveTransfer } from './transfers.js';

const HANDLERS: Readonly<Record<string, Handler>> = {
    fund_contract: escrow.fundContract,
    withdraw_excess: escrow.withdrawExcess,
    withdraw_payout: escrow.withdrawPayout,
    bond_contract: escrow.bondContract,
    release_bond: escrow.releaseBond,
    collect_slash: escrow.collectSlash,
    refund_content_provider: escrow.refundContentProvider,
    close_contract: escrow.closeContract,
    rotate_issuer: lifecycle.rotateIssuer,
    terminate_contract: lifecycle.terminateContract,
    begin_closing: lifecycle.beginClosing,
    finish_contract: lifecycle.finishContract,
    cancel_contract: lifecycle.cancelContract,
    upgrade_contract: lifecycle.upgradeContract,
    commit_delivery: commitDelivery,
    cosign_delivery: cosignDelivery,
    settle_delivery: settleDelivery,
    expire_commitment: expireCommitment,
    close_commitment: closeCommitment,
    seed_commitment: seedCommitment,
    rearm_seed: rearmSeed,
    prove_inclusion: proveInclusion,
    prove_evidence: proveEvidence,
    challenge_leaf: challengeLeaf,
    answer_challenge_inclusion: answerInclusion,
    answer_challenge_evidence: answerEvidence,
    close_challenge: closeChallenge,
    close_unpaid_challenge: closeChallenge,
    fail_commitment: failCommitment,
    report_sla: reportSla,
    resolve_sla: resolveSla,
    close_report: closeReport,
};

/** A transaction of the copy whose signatures verify. */
export type SignedTransaction = {
    file: string;
    instructions: readonly WireInstruction[];
    events: CopyTransaction['events'];
    moment: Moment | null;
};

/** Follows a contract through its transactions, recomputing each step and comparing it with what the programs told of it. */
export function replay(
    contract: string,
    transactions: readonly SignedTransaction[],
    deps: OpeningDeps & { findings: Findings },
): Ledger {
    const ledger = createLedger(contract);
    const scope = new Scope(contract);
    const opening = createOpening(deps);
    const handlers: Readonly<Record<string, Handler>> = {
        ...HANDLERS,
        accept_offer: opening.acceptOffer,
        award_bid: opening.awardBid,
    };
    const decoded = transactions.map((transaction) => ({ transaction, steps: transaction.instructions.map(decode) }));
    // An offer is posted before the contract that names it.
    for (const { steps } of decoded) for (const step of steps) if (step !== null) scope.learn(step);
    for (const { transaction, steps } of decoded) {
        const told = readEvents(transaction, deps.findings);
        for (const [place, instruction] of steps.entries()) {
            const wire = transaction.instructions[place];
            if (instruction !== null && scope.concerns(instruction))
                run({ ledger, handlers, transaction, place, instruction, told, findings: deps.findings });
            else if (told.has(place))
                deps.findings.add(
                    transaction.file,
                    `${transaction.file}, instruction ${place}`,
                    'has events and is not of this contract',
                );
            if (wire !== undefined) receiveTransfer(ledger, wire);
            told.delete(place);
        }
        if (transaction.moment !== null && !steps.some((step) => step !== null && TIMED_INSTRUCTIONS.has(step.name)))
            deps.findings.add(transaction.file, `${transaction.file}, clock`, 'has a time that nothing in it asks for');
        for (const place of told.keys())
            deps.findings.add(
                transaction.file,
                `${transaction.file}, instruction ${place}`,
                'has events and is not there',
            );
    }
    return ledger;
}

const decode = ({ programId, keys, data }: WireInstruction): DecodedInstruction | null => {
    try {
        return decodeInstruction(programId, keys, data);
    } catch {
        // The program refused it as well, or it is none of ours.
        return null;
    }
};

type Run = {
    ledger: Ledger;
    handlers: Readonly<Record<string, Handler>>;
    transaction: SignedTransaction;
    place: number;
    instruction: DecodedInstruction;
    told: ReadonlyMap<number, ToldEvent[]>;
    findings: Findings;
};

function run({ ledger, handlers, transaction, place, instruction, told, findings }: Run): void {
    const { file, moment } = transaction;
    const { name } = instruction;
    const where = `${file}, instruction ${place} ${name}`;
    // What is told of an offer is the offer's business.
    if (name === 'post_offer') {
        postOffer({ instruction, ledger });
        return;
    }
    const events = new InstructionEvents(told.get(place) ?? [], file, where, findings);
    const handler = handlers[name];
    const isOpening = name === 'accept_offer' || name === 'award_bid';
    if (handler === undefined || (ledger.contract === null && !isOpening)) {
        findings.add(
            file,
            where,
            'cannot be replayed: the contract was not made before it, or the instruction is unknown',
        );
        return;
    }
    const books = ledger.contract ?? ({} as NonNullable<Ledger['contract']>);
    handler({ ledger, books, instruction, events, moment, findings, file, where });
    events.end();
}

/** Events by the instruction that they belong to. */
function readEvents({ file, events }: SignedTransaction, findings: Findings): Map<number, ToldEvent[]> {
    const byPlace = new Map<number, ToldEvent[]>();
    for (const [index, { data, instruction, program }] of events.entries()) {
        const bytes = fromBase64(data);
        try {
            const event = bytes === null ? null : decodeEvent(program, bytes);
            if (event === null) throw new TypeError(`is no event of ${program}`);
            byPlace.set(instruction, [...(byPlace.get(instruction) ?? []), event]);
        } catch (error) {
            findings.add(file, `${file}, events[${index}]`, errorMessageOf(error));
        }
    }
    return byPlace;
}
