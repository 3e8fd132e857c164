import { PublicKey } from '@solana/web3.js';
import { fromBase64 } from '../core/bytes.js';

const INVOKE = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) invoke \[\d+\]$/;
const END = /^Program [1-9A-HJ-NP-Za-km-z]{32,44} (success|failed: .*)$/;
const DATA = /^Program data: ([A-Za-z0-9+/]+={0,2})$/;

/** What one program wrote with `sol_log_data`. */
export interface LoggedData {
    readonly programId: PublicKey;
    readonly data: Uint8Array;
}

/**
 * The data lines of a transaction's logs with the program that wrote each.
 *
 * A program cannot write another's: the runtime states who is running, and what a program logs itself is prefixed.
 */
export function* readLogData(logs: readonly string[]): Generator<LoggedData> {
    const running: string[] = [];
    for (const line of logs) {
        const invoked = INVOKE.exec(line)?.[1];
        if (invoked) running.push(invoked);
        else if (END.test(line)) running.pop();
        const encoded = DATA.exec(line)?.[1];
        const programId = running.at(-1);
        if (encoded && programId) yield { programId: new PublicKey(programId), data: fromBase64(encoded) };
    }
}
