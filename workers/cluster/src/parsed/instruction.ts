import {
    encodeBase58,
    MEMO_PROGRAM,
    MEMO_PROGRAM_V1,
    SYSTEM_PROGRAM,
    TOKEN_2022_PROGRAM,
    TOKEN_PROGRAM,
} from '../ledger/addresses.js';
import { parseSystemInstruction } from './system-instruction.js';
import { parseTokenInstruction } from './token-instruction.js';

export interface InstructionInput {
    readonly programId: string;
    readonly accounts: readonly string[];
    readonly data: Uint8Array;
    readonly stackHeight: number;
}

export interface ParsedInstruction {
    readonly type: string;
    readonly info: object;
}

function parse(
    programId: string,
    accounts: readonly string[],
    data: Uint8Array,
): { program: string; parsed: unknown } | undefined {
    switch (programId) {
        case MEMO_PROGRAM:
        case MEMO_PROGRAM_V1:
            return { program: 'spl-memo', parsed: Buffer.from(data).toString('utf8') };
        case SYSTEM_PROGRAM: {
            const parsed = parseSystemInstruction(accounts, data);
            return parsed && { program: 'system', parsed };
        }
        case TOKEN_PROGRAM:
        case TOKEN_2022_PROGRAM: {
            const parsed = parseTokenInstruction(accounts, data);
            return parsed && { program: 'spl-token', parsed };
        }
        default:
            return undefined;
    }
}

/** The `jsonParsed` form of an instruction; where no parser knows it, the partially decoded one clients expect. */
export function parseInstruction(input: InstructionInput): object {
    const { programId, accounts, data, stackHeight } = input;
    const known = parse(programId, accounts, data);
    if (known === undefined) return { accounts, data: encodeBase58(data), programId, stackHeight };
    return { ...known, programId, stackHeight };
}
