import { PRECOMPILES, type WireInstruction } from '../chain/wire.js';
import { fromBase64 } from '../protocol/bytes.js';

export type LoggedData = { index: number; program: string; data: Uint8Array };

/** What programs wrote with `sol_log_data`, with the program and the instruction of the transaction that it ran for. */
export function readLoggedData(logs: readonly string[], instructions: readonly WireInstruction[]): LoggedData[] {
    // Precompiles run without a line in the log.
    const logging = instructions.flatMap(({ programId }, index) => (PRECOMPILES.has(programId) ? [] : [index]));
    const running: string[] = [];
    const found: LoggedData[] = [];
    let place = -1;
    for (const line of logs) {
        const [, program, depth] = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) invoke \[(\d+)\]$/.exec(line) ?? [];
        if (program !== undefined) {
            running.push(program);
            if (depth === '1') place += 1;
        } else if (/^Program [1-9A-HJ-NP-Za-km-z]{32,44} (success|failed: .*)$/.test(line)) running.pop();
        const data = fromBase64(/^Program data: ([A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1] ?? '');
        const writer = running.at(-1);
        const index = logging[place];
        if (data !== null && data.length > 0 && writer !== undefined && index !== undefined)
            found.push({ index, program: writer, data });
    }
    return found;
}
