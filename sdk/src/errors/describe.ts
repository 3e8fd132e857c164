import { TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { PublicKey, SystemProgram } from '@solana/web3.js';
import { describeFrameworkError } from '../programs/anchor.js';
import { findProgramName, IDLS, type ProgramName } from '../programs/ids.js';
import { extractFailure } from './extract.js';
import { parseFailure } from './logs.js';

/** A failed instruction in words. */
export interface ProgramErrorDescription {
    /** The program in which the error arose, also when another program called it. */
    readonly program: ProgramName | 'token' | 'system';
    readonly code: number;
    /** The error's name in the program, for example `StakeTooSmall`. */
    readonly name: string;
    /** The rule that was broken. */
    readonly message: string;
    /** The account that broke it, where the program names one. */
    readonly account?: string;
}

interface NamedError {
    readonly name: string;
    readonly message: string;
}

/** spl-token `TokenError` (shared by Token-2022) and system `SystemError`: the codes that a wallet can cause. */
const FOREIGN_ERRORS: Readonly<Record<'token' | 'system', Readonly<Record<number, NamedError>>>> = {
    token: {
        0: { name: 'NotRentExempt', message: 'The token account has too little SOL for its rent' },
        1: { name: 'InsufficientFunds', message: 'The token account holds less than the amount' },
        3: { name: 'MintMismatch', message: 'The token account belongs to another mint' },
        4: { name: 'OwnerMismatch', message: 'The signer does not own the token account' },
        17: { name: 'AccountFrozen', message: 'The token account is frozen' },
        18: { name: 'MintDecimalsMismatch', message: 'The decimals given are not those of the mint' },
    },
    system: {
        0: { name: 'AccountAlreadyInUse', message: 'An account exists at this address already' },
        1: { name: 'ResultWithNegativeLamports', message: 'The wallet has too little SOL' },
    },
};

function findProgram(programId: string): ProgramErrorDescription['program'] | null {
    const key = new PublicKey(programId);
    if (key.equals(TOKEN_PROGRAM_ID) || key.equals(TOKEN_2022_PROGRAM_ID)) return 'token';
    if (key.equals(SystemProgram.programId)) return 'system';
    return findProgramName(key);
}

function nameError(program: ProgramErrorDescription['program'], code: number): NamedError {
    const unknown = { name: `Custom${code}`, message: `The program ${program} refused with code ${code}` };
    if (program === 'token' || program === 'system') return FOREIGN_ERRORS[program][code] ?? unknown;
    const own = IDLS[program].errors.find((candidate) => candidate.code === code);
    if (own) return { name: own.name, message: own.msg };
    return describeFrameworkError(code) ?? unknown;
}

/** What helps to attribute an error that carries no logs. */
export interface DescribeProgramErrorOptions {
    /** The transaction's instructions; without logs the failed one's program is taken for the one in which it arose. */
    readonly instructions?: readonly { readonly programId: PublicKey }[];
}

/**
 * Says which program refused a transaction and why, from a `SendTransactionError`, a JSON-RPC preflight error, a
 * simulation or transaction response, a `TransactionError` value, or an error that has one of these as its cause.
 *
 * All programs count their codes from 6000, so the code alone says nothing: the logs decide, and without logs
 * the instructions given. Null when the error is none of a program or cannot be attributed.
 *
 * @example
 * const description = describeProgramError(error);
 * if (description?.program === 'market' && description.name === 'VaultBelowReserve') askForMoreFunds();
 */
export function describeProgramError(
    error: unknown,
    options: DescribeProgramErrorOptions = {},
): ProgramErrorDescription | null {
    const { logs, instruction } = extractFailure(error);
    const logged = parseFailure(logs);
    const programId =
        logged?.programId ?? (instruction && options.instructions?.[instruction.index]?.programId.toBase58());
    const code = logged?.code ?? instruction?.code;
    if (programId === undefined || code === undefined) return null;
    const program = findProgram(programId);
    if (program === null) return null;
    return {
        program,
        code,
        ...nameError(program, code),
        ...(logged?.account === undefined ? {} : { account: logged.account }),
    };
}
