import { addressBytes } from '../chain/address.js';
import type { Fields, Value } from '../chain/borsh.js';
import { decodeAccount, PROGRAM_IDS, type ProgramName } from '../chain/idl.js';
import { type Copy, readRecord } from '../copy/copy.js';
import { accountFile, accountSchema } from '../copy/layout.js';
import { errorMessageOf } from '../errors.js';
import type { Findings } from '../findings.js';
import { fromBase64, u64 } from '../protocol/bytes.js';
import type { ContractBooks } from '../replay/books.js';
import { compare, type Expected } from '../replay/compare.js';
import type { Ledger } from '../replay/ledger.js';

export type ReadAccount = { fields: Fields };

/** An account of one of our programs, decoded; null when the copy has none, or it is not what it should be. */
export async function readAccount(
    copy: Copy,
    address: string,
    kind: { program: ProgramName; name: string },
    findings: Findings,
): Promise<ReadAccount | null> {
    const file = accountFile(address);
    const read = await readRecord(copy, file, accountSchema, findings);
    if (read === null) return null;
    const { owner, data } = read.value;
    if (owner !== PROGRAM_IDS[kind.program]) findings.add(file, `account ${address}, owner`, `is ${owner}`);
    const bytes = fromBase64(data);
    try {
        if (bytes === null) throw new TypeError('its data is not in canonical base64');
        return { fields: decodeAccount(kind.program, kind.name, bytes) };
    } catch (error) {
        findings.add(file, `account ${address}`, `is no ${kind.name}: ${errorMessageOf(error)}`);
        return null;
    }
}

function compareAccount(address: string, expected: Expected, told: Value, findings: Findings): void {
    for (const { field, expected: right, told: wrong } of compare(expected, told, ''))
        findings.add(accountFile(address), `account ${address}, ${field}`, `is ${wrong}, recomputed ${right}`);
}

/** The contract's account is what its transactions lead to, in every field. */
export function checkContract(ledger: Ledger, account: ReadAccount | null, hasFile: boolean, findings: Findings): void {
    const { address, contract, states, isClosed } = ledger;
    if (isClosed && hasFile) findings.add(accountFile(address), `account ${address}`, 'is there, and was closed');
    if (account === null && !isClosed && !hasFile)
        findings.note('the account of the contract is not in the copy: only its transactions were checked');
    if (account === null || contract === null || isClosed) return;
    const state = (told: Value) => typeof told === 'string' && states.has(told);
    compareAccount(address, { ...(contract as unknown as Fields), state }, account.fields, findings);
}

/** Open commitments are what their transactions lead to; closed ones are gone. */
export async function checkCommitments(copy: Copy, ledger: Ledger, findings: Findings): Promise<void> {
    for (const [address, record] of ledger.commitments) {
        const file = accountFile(address);
        if (record.isClosed) {
            if ((await copy.read(file)) !== null) findings.add(file, `account ${address}`, 'is there, and was closed');
            continue;
        }
        const account = await readAccount(
            copy,
            address,
            { program: 'settlement', name: 'DeliveryCommitment' },
            findings,
        );
        if (account === null) {
            findings.note(`epoch ${record.books.epoch}: the account of its commitment ${address} is not in the copy`);
            continue;
        }
        const { committedAt } = record.books;
        const seededAt: Expected = record.isSeedTimeUnknown
            ? (told) => typeof told === 'bigint' && told >= committedAt
            : record.books.seededAt;
        compareAccount(address, { ...(record.books as unknown as Fields), seededAt }, account.fields, findings);
    }
}

const TOKEN_ACCOUNT_BYTES = 165;
const TOKEN_2022 = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';

/** The vault holds, to the unit, what went in and did not come out; nobody else may move it. */
export async function checkVault(copy: Copy, ledger: Ledger, findings: Findings): Promise<void> {
    const { contract, vaultBalance, isClosed, address } = ledger;
    if (contract === null || isClosed) return;
    const file = accountFile(contract.vault);
    const read = await readRecord(copy, file, accountSchema, findings);
    const where = `account ${contract.vault} (vault)`;
    if (read === null) {
        if ((await copy.read(file)) === null)
            findings.note('the vault is not in the copy: its balance was not checked');
        return;
    }
    if (read.value.owner !== contract.tokenProgram) findings.add(file, `${where}, owner`, `is ${read.value.owner}`);
    const data = fromBase64(read.value.data);
    if (data === null || data.length < TOKEN_ACCOUNT_BYTES) {
        findings.add(file, where, 'is no token account');
        return;
    }
    const expected = tokenAccount(contract, address, vaultBalance);
    if (data.length > TOKEN_ACCOUNT_BYTES && contract.tokenProgram !== TOKEN_2022)
        findings.add(file, where, 'is longer than a token account');
    if (data.length > TOKEN_ACCOUNT_BYTES)
        findings.note('the vault has extensions of its token program, which were not checked');
    const parts = { mint: [0, 32], owner: [32, 64], amount: [64, 72], 'delegate and state': [72, TOKEN_ACCOUNT_BYTES] };
    for (const [field, [from, to]] of Object.entries(parts)) {
        if (Buffer.compare(data.subarray(from, to), expected.subarray(from, to)) === 0) continue;
        const told =
            field === 'amount'
                ? ` is ${Buffer.from(data).readBigUInt64LE(64)}, recomputed ${vaultBalance}`
                : ' is not as made';
        findings.add(file, `${where}, ${field}`, told.trim());
    }
}

/** Layout of an SPL token account without delegate: mint, owner, amount, no delegate, state 1, not native, no close authority. */
function tokenAccount({ mint }: ContractBooks, owner: string, amount: bigint): Uint8Array {
    const bytes = new Uint8Array(TOKEN_ACCOUNT_BYTES);
    bytes.set(addressBytes(mint), 0);
    bytes.set(addressBytes(owner), 32);
    bytes.set(u64(amount), 64);
    bytes[108] = 1;
    return bytes;
}
