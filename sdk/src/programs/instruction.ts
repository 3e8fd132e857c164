import { type AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findEventAuthorityAddress } from '../addresses/programs.js';
import { argumentError } from '../errors/sdk-error.js';
import { type Coder, createCoder } from './anchor.js';
import type { AccountsOf, ArgsOf, IdlConst, InstructionName } from './idl-types.js';
import { encodeFields } from './idl-values.js';
import { IDLS, type Idls, PROGRAM_IDS, PROGRAM_NAMES, type ProgramName } from './ids.js';

/** One coder per program; it holds layouts only, no state. */
export const CODERS = Object.fromEntries(PROGRAM_NAMES.map((name) => [name, createCoder(IDLS[name])])) as Readonly<
    Record<ProgramName, Coder>
>;

const EVENT_AUTHORITIES = Object.fromEntries(
    PROGRAM_NAMES.map((name) => [name, findEventAuthorityAddress(PROGRAM_IDS[name])]),
) as Readonly<Record<ProgramName, PublicKey>>;

function resolveAccount(
    program: ProgramName,
    account: IdlConst['instructions'][number]['accounts'][number],
    given: Readonly<Record<string, PublicKey | null>>,
): AccountMeta {
    const pubkey = account.address
        ? new PublicKey(account.address)
        : account.name === 'eventAuthority'
          ? EVENT_AUTHORITIES[program]
          : account.name === 'program'
            ? PROGRAM_IDS[program]
            : given[account.name];
    // Anchor reads its own program id in an optional account's place as "absent"; such a place is never writable.
    if (pubkey === null && account.optional) {
        return { pubkey: PROGRAM_IDS[program], isSigner: false, isWritable: false };
    }
    if (!(pubkey instanceof PublicKey)) {
        throw argumentError(account.name, 'a public key');
    }
    return { pubkey, isSigner: account.signer ?? false, isWritable: account.writable ?? false };
}

/**
 * One instruction of one program, accounts in the IDL's order, addresses that the IDL fixes filled in.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an argument does not fit its type or an account is missing.
 */
export function buildInstruction<Program extends ProgramName, Name extends InstructionName<Idls[Program]>>(
    program: Program,
    name: Name,
    accounts: AccountsOf<Idls[Program], Name>,
    args: ArgsOf<Idls[Program], Name>,
    remainingAccounts: readonly AccountMeta[] = [],
): TransactionInstruction {
    const idl: IdlConst = IDLS[program];
    const instruction = idl.instructions.find((candidate) => candidate.name === name);
    if (!instruction) {
        throw argumentError(name, 'an instruction name');
    }
    const given = accounts as Readonly<Record<string, PublicKey | null>>;
    const data = CODERS[program].encodeInstruction(name, encodeFields(idl, instruction.args, args, name));
    return new TransactionInstruction({
        programId: PROGRAM_IDS[program],
        keys: [...instruction.accounts.map((account) => resolveAccount(program, account, given)), ...remainingAccounts],
        data: data as Buffer,
    });
}
