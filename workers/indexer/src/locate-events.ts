import { decodeEvents, type MarketplaceEvent } from '@ocm/sdk';
import type { VersionedTransactionResponse } from '@solana/web3.js';

export type LocatedEvent = { instructionIndex: number; eventIndex: number; event: MarketplaceEvent };

const TOP_LEVEL = /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) invoke \[1\]$/;
const DATA = /^Program data: /;

/**
 * The events of a transaction with the places where they happened. A place does not depend on which events this
 * version knows: it counts inner instructions and, behind them, the data lines of the log.
 * @throws MKT_SDK__EVENT_INVALID
 */
export function locateEvents(transaction: VersionedTransactionResponse): LocatedEvent[] {
    const { meta } = transaction;
    if (meta === null || meta.err !== null) return [];
    const found: LocatedEvent[] = [];
    const innerCounts = new Map<number, number>();
    for (const group of meta.innerInstructions ?? []) {
        innerCounts.set(group.index, group.instructions.length);
        for (const [eventIndex, instruction] of group.instructions.entries()) {
            const innerInstructions = [{ index: group.index, instructions: [instruction] }];
            const part = { ...transaction, meta: { ...meta, innerInstructions, logMessages: [] } };
            for (const event of decodeEvents(part)) found.push({ instructionIndex: group.index, eventIndex, event });
        }
    }
    for (const { instructionIndex, lines } of splitLogs(transaction)) {
        const first = innerCounts.get(instructionIndex) ?? 0;
        const dataLines = lines.flatMap((line, place) => (DATA.test(line) ? [place] : []));
        for (const [count, place] of dataLines.entries()) {
            // The other data lines are left out, the calls around this one stay: they tell whose it is.
            const logMessages = lines.filter((line, other) => other === place || !DATA.test(line));
            const part = { ...transaction, meta: { ...meta, innerInstructions: [], logMessages } };
            for (const event of decodeEvents(part)) found.push({ instructionIndex, eventIndex: first + count, event });
        }
    }
    return found;
}

/** The log of each instruction. Precompiles log nothing, so each log belongs to the next instruction of its program. */
function* splitLogs(
    transaction: VersionedTransactionResponse,
): Generator<{ instructionIndex: number; lines: string[] }> {
    const programs = listPrograms(transaction);
    let next = 0;
    let lines: string[] | undefined;
    for (const line of transaction.meta?.logMessages ?? []) {
        const program = TOP_LEVEL.exec(line)?.[1];
        if (program !== undefined) {
            if (lines !== undefined) yield { instructionIndex: next - 1, lines };
            lines = [];
            while (next < programs.length && programs[next] !== program) next += 1;
            next += 1;
        }
        lines?.push(line);
    }
    if (lines !== undefined) yield { instructionIndex: next - 1, lines };
}

function listPrograms({ transaction, meta }: VersionedTransactionResponse): string[] {
    const { message } = transaction;
    const keys = message.getAccountKeys({ accountKeysFromLookups: meta?.loadedAddresses ?? null });
    return message.compiledInstructions.map(({ programIdIndex }) => keys.get(programIdIndex)?.toBase58() ?? '');
}

/** What a transaction may have written. */
export function listWritten({ transaction, meta }: VersionedTransactionResponse): string[] {
    const { message } = transaction;
    const keys = message.getAccountKeys({ accountKeysFromLookups: meta?.loadedAddresses ?? null });
    const written: string[] = [];
    for (let place = 0; place < keys.length; place += 1)
        if (message.isAccountWritable(place)) written.push(keys.get(place)?.toBase58() ?? '');
    return written;
}
