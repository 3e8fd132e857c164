import { type Spread, summarise } from '../statistics.js';

/** One instruction of a transaction that succeeded. */
export interface MeasuredInstruction {
    /** `program.instruction`, as the IDL names them. */
    readonly name: string;
    /** Compute units with those of the programs that it called; null where the log was cut before they were told. */
    readonly units: number | null;
    /** Whether another program called it. */
    readonly called: boolean;
}

/** One transaction that succeeded in a test; a recording is one line of JSON for each. */
export interface MeasuredTransaction {
    readonly test: string;
    /** Its place among the transactions of that test file. */
    readonly sequence: number;
    readonly transactionBytes: number;
    readonly feeLamports: number;
    /** Lamports put into accounts that it created less those of accounts that it closed: moved, not spent. */
    readonly rentLamports: number;
    readonly instructions: readonly MeasuredInstruction[];
}

/** First in the order of test files, typical (median) and worst. */
export interface Figure {
    readonly first: number;
    readonly typical: number;
    readonly worst: number;
}

export const QUANTITIES = ['units', 'transactionBytes', 'feeLamports', 'rentLamports'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** What one instruction takes: units of its own, the rest of the whole transactions that hold it. */
export type InstructionFigures = Readonly<Record<Quantity, Figure>>;
export type Figures = Readonly<Record<string, InstructionFigures>>;

/** The transactions of a recording, in an order that does not depend on which test file ran first. */
export function parseRecording(text: string): MeasuredTransaction[] {
    const lines = text.split('\n').filter((line) => line !== '');
    const transactions = lines.map((line) => JSON.parse(line) as MeasuredTransaction);
    const key = ({ test }: MeasuredTransaction) => test;
    return transactions.sort((a, b) => (key(a) === key(b) ? a.sequence - b.sequence : key(a) < key(b) ? -1 : 1));
}

function toFigure(values: readonly number[]): Figure {
    const { median, maximum }: Spread = summarise(values);
    return { first: values[0] ?? median, typical: Math.round(median), worst: maximum };
}

/** Figures of one instruction, or null when no transaction tells its units. Calls count only for what is only called. */
function computeOne(name: string, transactions: readonly MeasuredTransaction[]): InstructionFigures | null {
    const all = transactions.flatMap((transaction) =>
        transaction.instructions
            .filter((instruction) => instruction.name === name && instruction.units !== null)
            .map((instruction) => ({ ...instruction, transaction })),
    );
    const direct = all.filter(({ called }) => !called);
    const counted = direct.length > 0 ? direct : all;
    if (counted.length === 0) return null;
    const holders = [...new Set(counted.map(({ transaction }) => transaction))];
    return {
        units: toFigure(counted.map(({ units }) => units ?? 0)),
        transactionBytes: toFigure(holders.map(({ transactionBytes }) => transactionBytes)),
        feeLamports: toFigure(holders.map(({ feeLamports }) => feeLamports)),
        rentLamports: toFigure(holders.map(({ rentLamports }) => rentLamports)),
    };
}

/** Figures of every instruction by name, and the names of those that no transaction measured. */
export function computeFigures(
    names: readonly string[],
    transactions: readonly MeasuredTransaction[],
): { figures: Figures; unmeasured: string[] } {
    const rows = names.map((name) => [name, computeOne(name, transactions)] as const);
    const measured = rows.filter((row): row is readonly [string, InstructionFigures] => row[1] !== null);
    return {
        figures: Object.fromEntries(measured),
        unmeasured: rows.filter(([, figures]) => figures === null).map(([name]) => name),
    };
}
