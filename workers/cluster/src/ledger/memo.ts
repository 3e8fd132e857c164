import { MEMO_PROGRAM, MEMO_PROGRAM_V1 } from './addresses.js';
import type { WireMessage } from './wire-transaction.js';

/** Memos of a message as `getSignaturesForAddress` shows them: `[length] text`, joined by `; `. */
export function extractMemo(message: WireMessage): string | null {
    const memos: string[] = [];
    for (const instruction of message.instructions) {
        const program = message.staticKeys[instruction.programIndex];
        if (program !== MEMO_PROGRAM && program !== MEMO_PROGRAM_V1) continue;
        const text = Buffer.from(instruction.data).toString('utf8');
        memos.push(`[${instruction.data.length}] ${text}`);
    }
    return memos.length === 0 ? null : memos.join('; ');
}
