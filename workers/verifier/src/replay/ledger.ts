import type { Fields } from '../chain/borsh.js';
import type { DecodedInstruction } from '../chain/idl.js';
import type { Findings } from '../findings.js';
import type { SlaSummary } from '../protocol/sla.js';
import type { ContractBooks } from './books.js';
import type { ChallengeBooks, CommitmentBooks, SettlementLine } from './commitment-books.js';
import type { InstructionEvents } from './events.js';

/** Moment of a transaction, where the copy has it. */
export type Moment = { slot: bigint; time: bigint };

export type CommitmentRecord = {
    books: CommitmentBooks;
    /** What was measured by auditors. */
    reports: SlaSummary[];
    settlement: SettlementLine | null;
    isClosed: boolean;
    /** The seed's time is not in the copy: the account's word is taken. */
    isSeedTimeUnknown: boolean;
};

/** Everything that a contract's transactions lead to. */
export type Ledger = {
    address: string;
    contract: ContractBooks | null;
    /** The states that the contract can be in: the time of a transaction is not always known. */
    states: ReadonlySet<string>;
    vaultBalance: bigint;
    /** No transaction so far was before it, unix seconds. */
    notBefore: bigint;
    /** Nodes of the contract's capacity claims. */
    nodes: Set<string>;
    /** Arguments and claims of the offer that the contract was made from. */
    offer: { args: Fields; claims: string[] } | null;
    commitments: Map<string, CommitmentRecord>;
    challenges: Map<string, ChallengeBooks>;
    historyLeaves: Uint8Array[];
    /** Paid out, by payee's place. */
    paid: bigint[];
    /** Back to the content provider: excess, and the rest at the end. */
    refunded: bigint;
    isClosed: boolean;
};

export type Step = {
    ledger: Ledger;
    /** The contract; handlers run only once it is made. */
    books: ContractBooks;
    instruction: DecodedInstruction;
    events: InstructionEvents;
    moment: Moment | null;
    findings: Findings;
    file: string;
    where: string;
};

export type Handler = (step: Step) => void;

export function createLedger(address: string): Ledger {
    return {
        address,
        contract: null,
        states: new Set(['proposed']),
        vaultBalance: 0n,
        notBefore: 0n,
        nodes: new Set(),
        offer: null,
        commitments: new Map(),
        challenges: new Map(),
        historyLeaves: [],
        paid: Array.from({ length: 9 }, () => 0n),
        refunded: 0n,
        isClosed: false,
    };
}

/** The account of an instruction by its name in the IDL; an empty text where it is missing. */
export const accountOf = ({ instruction }: Pick<Step, 'instruction'>, name: string): string =>
    instruction.accounts[name] ?? '';

/** The commitment that an instruction names, if it was committed. */
export function commitmentOf(step: Step): CommitmentRecord | null {
    const address = accountOf(step, 'commitment');
    const record = step.ledger.commitments.get(address);
    if (record !== undefined) return record;
    step.findings.add(step.file, step.where, `names the commitment ${address}, which was never committed`);
    return null;
}
