import { errorCodeOf, type Logger } from '@ocm/runtime';
import { sha256, utf8 } from '@ocm/sdk/core';
import { toJson } from './account-json.js';
import { markStale } from './ingest-transactions.js';
import { ACCOUNT_KINDS, type AccountKind, columnOf } from './kinds.js';
import type { Chain, Database, Programs, ReadAccount, SqlValue, Statement } from './ports.js';

/** `getMultipleAccounts` takes at most this many. */
const ACCOUNTS_PER_READ = 100;
const MARKS_PER_BATCH = 500;
const DISCRIMINATOR_BYTES = 8;

export type RefreshDeps = { chain: Chain; database: Database; log: Logger; programs: Programs };

/** The first bytes of an account tell its type (Anchor): SHA-256("account:" + name). */
const KINDS_BY_DISCRIMINATOR = new Map(
    ACCOUNT_KINDS.map((kind) => [
        Buffer.from(sha256(utf8(`account:${kind.type}`)).subarray(0, DISCRIMINATOR_BYTES)).toString('hex'),
        kind,
    ]),
);

/** Marks every account of the programs, and every one that is known, to be read anew. */
export async function markAllStale({ chain, database, programs }: RefreshDeps, signal: AbortSignal): Promise<void> {
    for (const program of Object.values(programs)) {
        signal.throwIfAborted();
        const addresses = await chain.listAddresses(program);
        for (let from = 0; from < addresses.length; from += MARKS_PER_BATCH)
            await database.batch(addresses.slice(from, from + MARKS_PER_BATCH).map(markStale));
    }
    await database.batch([
        {
            sql: 'INSERT INTO stale_accounts (address) SELECT address FROM accounts WHERE 1 = 1 ON CONFLICT (address) DO NOTHING',
            params: [],
        },
    ]);
}

/** Reads what transactions may have written, at `minSlot` or later, until nothing is left to read. */
export async function refreshAccounts(deps: RefreshDeps, minSlot: number, signal: AbortSignal): Promise<number> {
    const { chain, database } = deps;
    for (let total = 0; ; ) {
        signal.throwIfAborted();
        const rows = await database.all('SELECT address FROM stale_accounts ORDER BY address LIMIT ?', [
            ACCOUNTS_PER_READ,
        ]);
        if (rows.length === 0) return total;
        const addresses = rows.map(({ address }) => String(address));
        const { slot, accounts } = await chain.readAccounts(addresses, minSlot);
        const known = await findKinds(database, addresses);
        const statements = addresses.flatMap((address, place) =>
            toStatements(deps, { address, slot, account: accounts[place] ?? null, known: known.get(address) }),
        );
        await database.batch(statements);
        total += addresses.length;
    }
}

async function findKinds(database: Database, addresses: readonly string[]): Promise<Map<string, AccountKind>> {
    const places = addresses.map(() => '?').join(', ');
    const rows = await database.all(`SELECT address, kind FROM accounts WHERE address IN (${places})`, addresses);
    const byType = new Map(ACCOUNT_KINDS.map((kind) => [kind.type, kind]));
    return new Map(
        rows.flatMap(({ address, kind }) => {
            const found = byType.get(String(kind));
            return found === undefined ? [] : [[String(address), found] as const];
        }),
    );
}

type Refreshed = { address: string; slot: number; account: ReadAccount | null; known: AccountKind | undefined };

function toStatements(deps: RefreshDeps, { address, slot, account, known }: Refreshed): Statement[] {
    const done = { sql: 'DELETE FROM stale_accounts WHERE address = ?', params: [address] };
    const decoded = account === null ? null : decode(deps, account);
    const gone =
        known !== undefined && known !== decoded?.kind
            ? [
                  { sql: `DELETE FROM ${known.table} WHERE address = ?`, params: [address] },
                  { sql: 'DELETE FROM accounts WHERE address = ?', params: [address] },
              ]
            : [];
    if (account === null || decoded === null) return [...gone, done];
    return [...gone, ...upsert(decoded.kind, account, decoded.fields, slot), done];
}

/** Null for what is no account of the programs: a wallet, a token account, or one of a later version. */
function decode({ programs, log }: RefreshDeps, { address, owner, data }: ReadAccount) {
    const kind = KINDS_BY_DISCRIMINATOR.get(Buffer.from(data.subarray(0, DISCRIMINATOR_BYTES)).toString('hex'));
    if (kind === undefined || !programs[kind.program].equals(owner)) return null;
    try {
        return { kind, fields: kind.decode(data) };
    } catch (error) {
        log.warn({ address, type: kind.type, code: errorCodeOf(error) }, 'an account cannot be decoded');
        return null;
    }
}

function upsert(
    kind: AccountKind,
    { address, data, lamports }: ReadAccount,
    fields: object,
    slot: number,
): Statement[] {
    const json = toJson(fields) as Record<string, unknown>;
    const values: [string, SqlValue][] = [
        ['address', address],
        ['slot', slot],
        ['lamports', lamports.toString()],
        ['data', JSON.stringify(json)],
        ['raw', Buffer.from(data).toString('base64')],
        ...kind.filters.map((filter): [string, SqlValue] => [columnOf(filter), toColumn(json[filter.field])]),
    ];
    const names = values.map(([name]) => name);
    const updates = names.slice(1).map((name) => `${name} = excluded.${name}`);
    return [
        {
            sql: `INSERT INTO ${kind.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
                  ON CONFLICT (address) DO UPDATE SET ${updates.join(', ')}`,
            params: values.map(([, value]) => value),
        },
        {
            sql: 'INSERT INTO accounts (address, kind) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET kind = excluded.kind',
            params: [address, kind.type],
        },
    ];
}

function toColumn(value: unknown): SqlValue {
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw new TypeError('a filter names a field that is neither text nor a number');
}
