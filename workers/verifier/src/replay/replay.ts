import { type DecodedInstruction, decodeEvent, decodeInstruction } from '../chain/idl.js';
import type { WireInstruction } from '../chain/wire.js';
import type { CopyTransaction } from '../copy/layout.js';
import { errorMessageOf } from '../errors.js';
import type { Findings } from '../findings.js';
import { fromBase64 } from '../protocol/bytes.js';
import { InstructionEvents, type ToldEvent } from './events.js';
import { HANDLERS } from './handlers.js';
import { createLedger, type Handler, type Ledger, type Moment } from './ledger.js';
import { createOpening, type OpeningDeps, postOffer } from './opening.js';
import { Scope, TIMED_INSTRUCTIONS } from './scope.js';
import { receiveTransfer } from './transfers.js';

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
