import type { AccountInfo, Connection, GetProgramAccountsFilter, PublicKey } from '@solana/web3.js';
import { sdkError } from '../errors/sdk-error.js';
import { toBase58 } from '../programs/anchor.js';
import type { AccountName, DefinedOf, IdlConst } from '../programs/idl-types.js';
import { decodeDefined } from '../programs/idl-values.js';
import { IDLS, type Idls, PROGRAM_IDS, type ProgramName } from '../programs/ids.js';
import { CODERS } from '../programs/instruction.js';
import { DISCRIMINATOR_BYTES, dataSize, fieldOffset } from '../programs/layout.js';
import { assertListsFit } from '../programs/list-lengths.js';

/** The layout version of most accounts; a program that changes a layout raises it. */
const ACCOUNT_VERSION = 1;

/** An account together with where it stands. */
export type WithAddress<Account> = Account & { readonly address: PublicKey };

/** What reading one account needs of a connection. */
export type AccountSource = Pick<Connection, 'getAccountInfo'>;

/** What listing accounts needs of a connection. */
export type AccountListSource = Pick<Connection, 'getProgramAccounts'>;

/** Exact matches on fields; a field left out matches everything. Bytes are compared as they are stored. */
export type FieldFilter = Readonly<Record<string, PublicKey | Uint8Array | undefined>>;

export interface AccountReader<Account> {
    /**
     * @throws MarketplaceError MKT_SDK__ACCOUNT_TRUNCATED, _DISCRIMINATOR, _VERSION or _DATA_INVALID.
     */
    decode(data: Uint8Array): Account;
    /**
     * Null when nothing stands at the address.
     *
     * @throws MarketplaceError as `decode`, and MKT_SDK__ACCOUNT_OWNER when another program owns the account.
     */
    fetch(connection: AccountSource, address: PublicKey): Promise<WithAddress<Account> | null>;
    /** All accounts of this kind and layout version that match; the order is the node's. */
    list(connection: AccountListSource, filter?: FieldFilter): Promise<WithAddress<Account>[]>;
}

function toBytes(value: PublicKey | Uint8Array): Uint8Array {
    return value instanceof Uint8Array ? value : value.toBytes();
}

/** A reader of one kind of account; `shape` turns the IDL's struct into the public type, `versions` are those of one layout. */
export function createReader<Program extends ProgramName, Name extends AccountName<Idls[Program]>, Account>(
    program: Program,
    name: Name,
    shape: (raw: DefinedOf<Idls[Program], Name>) => Account,
    versions: readonly number[] = [ACCOUNT_VERSION],
): AccountReader<Account> {
    const idl: IdlConst = IDLS[program];
    const discriminator = Uint8Array.from(idl.accounts.find((account) => account.name === name)?.discriminator ?? []);
    const size = dataSize(idl, name);
    // One filter cannot ask for either of two versions: then all are asked for, and the others left out here.
    const prefix = versions.length === 1 ? Uint8Array.of(...discriminator, ...versions) : discriminator;
    const isSupported = (data: Uint8Array): boolean => versions.includes(data[discriminator.length] ?? 0);

    function decode(data: Uint8Array): Account {
        if (data.length < size) {
            throw sdkError('MKT_SDK__ACCOUNT_TRUNCATED', { account: name, bytes: data.length, size });
        }
        if (discriminator.some((byte, index) => data[index] !== byte)) {
            throw sdkError('MKT_SDK__ACCOUNT_DISCRIMINATOR', { account: name });
        }
        const version = data[discriminator.length];
        if (!isSupported(data)) {
            throw sdkError('MKT_SDK__ACCOUNT_VERSION', { account: name, version, supported: versions.join(', ') });
        }
        return shape(decodeFields(data));
    }

    /** What still fails is a list longer than the data, or a value such as a variant number that the enum does not have. */
    function decodeFields(data: Uint8Array): DefinedOf<Idls[Program], Name> {
        try {
            assertListsFit(idl, name, data, DISCRIMINATOR_BYTES);
            const raw = CODERS[program].decodeAccount(name, data);
            return decodeDefined(idl, name, raw) as DefinedOf<Idls[Program], Name>;
        } catch (cause) {
            throw sdkError('MKT_SDK__ACCOUNT_DATA_INVALID', { account: name }, { cause });
        }
    }

    function decodeOwned(address: PublicKey, account: AccountInfo<Uint8Array>): WithAddress<Account> {
        if (!account.owner.equals(PROGRAM_IDS[program])) {
            throw sdkError('MKT_SDK__ACCOUNT_OWNER', {
                account: name,
                address: address.toBase58(),
                owner: account.owner.toBase58(),
                expected: PROGRAM_IDS[program].toBase58(),
            });
        }
        return { ...decode(account.data), address };
    }

    return {
        decode,
        async fetch(connection, address) {
            const account = await connection.getAccountInfo(address);
            return account === null ? null : decodeOwned(address, account);
        },
        async list(connection, filter = {}) {
            const filters: GetProgramAccountsFilter[] = [{ memcmp: { offset: 0, bytes: toBase58(prefix) } }];
            for (const [field, value] of Object.entries(filter)) {
                if (value === undefined) continue;
                filters.push({
                    memcmp: { offset: fieldOffset(idl, name, field), bytes: toBase58(toBytes(value)) },
                });
            }
            const found = await connection.getProgramAccounts(PROGRAM_IDS[program], { filters });
            return found
                .filter(({ account }) => isSupported(account.data))
                .map(({ pubkey, account }) => decodeOwned(pubkey, account));
        },
    };
}
