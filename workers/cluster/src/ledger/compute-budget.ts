import {
    COMPUTE_BUDGET_PROGRAM,
    ED25519_PROGRAM,
    SECP256K1_PROGRAM,
    SECP256R1_PROGRAM,
    SYSTEM_PROGRAM,
    UPGRADEABLE_LOADER,
    viewOf,
} from './addresses.js';
import type { WireMessage } from './wire-transaction.js';

export const LAMPORTS_PER_SIGNATURE = 5_000n;
const MICRO_LAMPORTS_PER_LAMPORT = 1_000_000n;
const MAX_COMPUTE_UNITS = 1_400_000n;
/** Agave's defaults for an instruction that names no limit (SIMD-0170). */
const DEFAULT_UNITS_PER_BUILTIN = 3_000n;
const DEFAULT_UNITS_PER_PROGRAM = 200_000n;

const PRECOMPILES = new Set([ED25519_PROGRAM, SECP256K1_PROGRAM, SECP256R1_PROGRAM]);
const BUILTINS = new Set([
    SYSTEM_PROGRAM,
    COMPUTE_BUDGET_PROGRAM,
    UPGRADEABLE_LOADER,
    'Vote111111111111111111111111111111111111111',
    'BPFLoader1111111111111111111111111111111111',
    'BPFLoader2111111111111111111111111111111111',
    ED25519_PROGRAM,
    SECP256K1_PROGRAM,
]);

export interface ComputeBudget {
    /** Micro-lamports per compute unit. */
    readonly unitPrice: bigint;
    readonly unitLimit: bigint;
    /** Signatures of the transaction and those its precompile instructions verify. */
    readonly signatures: bigint;
}

/** What the compute-budget instructions of a message ask for. */
export function readComputeBudget(message: WireMessage): ComputeBudget {
    let unitPrice = 0n;
    let requestedLimit: bigint | undefined;
    let defaultLimit = 0n;
    let signatures = BigInt(message.requiredSignatures);
    for (const instruction of message.instructions) {
        const program = message.staticKeys[instruction.programIndex] ?? '';
        const { data } = instruction;
        if (program === COMPUTE_BUDGET_PROGRAM) {
            if (data[0] === 2 && data.length >= 5) requestedLimit = BigInt(viewOf(data).getUint32(1, true));
            if (data[0] === 3 && data.length >= 9) unitPrice = viewOf(data).getBigUint64(1, true);
        }
        if (PRECOMPILES.has(program)) signatures += BigInt(data[0] ?? 0);
        defaultLimit += BUILTINS.has(program) ? DEFAULT_UNITS_PER_BUILTIN : DEFAULT_UNITS_PER_PROGRAM;
    }
    const limit = requestedLimit ?? defaultLimit;
    return { unitPrice, unitLimit: limit > MAX_COMPUTE_UNITS ? MAX_COMPUTE_UNITS : limit, signatures };
}

/** Lamports a message will be charged, in advance. */
export function computeFee(message: WireMessage): bigint {
    const { unitPrice, unitLimit, signatures } = readComputeBudget(message);
    const micro = unitPrice * unitLimit;
    const priorityFee = (micro + MICRO_LAMPORTS_PER_LAMPORT - 1n) / MICRO_LAMPORTS_PER_LAMPORT;
    return signatures * LAMPORTS_PER_SIGNATURE + priorityFee;
}
