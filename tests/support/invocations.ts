import { Ed25519Program, Secp256k1Program } from '@solana/web3.js';

/** One program's run within a transaction, as its log tells it. */
export interface Invocation {
    readonly programId: string;
    /** Null for a native program, which tells none. */
    readonly units: number | null;
}

/** An instruction in the order in which the runtime began it: each top-level one, then what it called. */
export interface StartedInstruction {
    readonly programId: string;
    readonly data: Uint8Array;
    readonly called: boolean;
}

/** They run before any program and say nothing in the log. */
const PRECOMPILES = [
    Ed25519Program.programId.toBase58(),
    Secp256k1Program.programId.toBase58(),
    'Secp256r1SigVerify1111111111111111111111111',
];

/** The log of a transaction is cut at 10,000 bytes, and says so. */
const CUT = 'Log truncated';

/** Every invocation in a transaction's log, in the order in which they began. */
export function parseInvocations(logs: readonly string[]): Invocation[] {
    const invocations: { programId: string; units: number | null }[] = [];
    const open: number[] = [];
    for (const line of logs) {
        const begun = /^Program (\w{32,44}) invoke \[\d+\]$/.exec(line);
        const consumed = /^Program \w{32,44} consumed (\d+) of \d+ compute units$/.exec(line);
        if (begun) {
            open.push(invocations.length);
            invocations.push({ programId: begun[1]!, units: null });
        } else if (consumed) {
            const current = invocations[open.at(-1) ?? -1];
            if (current) current.units = Number(consumed[1]);
        } else if (/^Program \w{32,44} (success$|failed)/.test(line)) open.pop();
    }
    return invocations;
}

/**
 * The compute units of each instruction, in their order; null where the log does not tell them.
 *
 * @throws Error when the log tells of other programs than the instructions name: a figure would be another's.
 */
export function matchUnits(instructions: readonly StartedInstruction[], logs: readonly string[]): (number | null)[] {
    const invocations = parseInvocations(logs);
    const cut = logs.includes(CUT);
    let next = 0;
    const units = instructions.map(({ programId }) => {
        const invocation = invocations[next];
        if (invocation?.programId === programId) {
            next += 1;
            return invocation.units;
        }
        if (!PRECOMPILES.includes(programId) && !cut) {
            throw new Error(`the log tells of ${invocation?.programId ?? 'nothing'} where ${programId} ran`);
        }
        return null;
    });
    if (next !== invocations.length && !cut) throw new Error('the log tells of more programs than ran');
    return units;
}
