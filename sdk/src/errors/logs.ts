/** Where a transaction failed, as its logs tell it. */
export interface LoggedFailure {
    /** Base58 address of the program that failed first: the innermost one, where the error arose. */
    readonly programId: string;
    readonly code: number;
    /** The account that Anchor names as the cause. */
    readonly account?: string;
}

const FAILED = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) failed: custom program error: 0x([0-9a-f]{1,8})$/;
const CAUSED_BY = /^Program log: AnchorError caused by account: ([A-Za-z0-9_]{1,64})\. Error Code: /;

/**
 * The first failure in a transaction's logs, or null.
 *
 * A caller passes its callee's code on, so the later "failed" lines repeat the code under the wrong program. A program
 * cannot forge such a line: what it logs itself is prefixed with "Program log: ".
 */
export function parseFailure(logs: readonly string[]): LoggedFailure | null {
    let account: string | undefined;
    for (const line of logs) {
        account = CAUSED_BY.exec(line)?.[1] ?? account;
        const match = FAILED.exec(line);
        if (!match) continue;
        const failure = { programId: match[1] as string, code: Number.parseInt(match[2] as string, 16) };
        return account === undefined ? failure : { ...failure, account };
    }
    return null;
}
