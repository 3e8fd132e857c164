import { failure } from '@ocm/runtime';
import { address, INDEXER_MAX_LIMIT, type IndexedAccount, type IndexedAccountPage } from '@ocm/sdk/http';
import { decodeCursor, encodeCursor } from './cursor.js';
import { ACCOUNT_KINDS, type AccountKind, columnOf } from './kinds.js';
import type { Database, Row, SqlValue } from './ports.js';
import { readState } from './state.js';

export type AccountQuery = {
    limit: number;
    cursor?: string | undefined;
    raw: boolean;
    /** By field of the kind's filters. */
    filters: Readonly<Record<string, string | number | undefined>>;
};

/** A page of accounts of one type in the order of their addresses. @throws MKT_HTTP__CURSOR_INVALID */
export async function listAccounts(
    database: Database,
    kind: AccountKind,
    { limit, cursor, raw, filters }: AccountQuery,
): Promise<IndexedAccountPage> {
    const wanted = kind.filters.flatMap((filter): [string, SqlValue][] => {
        const value = filters[filter.field];
        return value === undefined ? [] : [[`${columnOf(filter)} = ?`, value]];
    });
    if (cursor !== undefined) wanted.push(['address > ?', decodeCursor(kind.path, [address], cursor)[0] ?? '']);
    const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([condition]) => condition).join(' AND ')}`;
    const finalizedSlot = await readFinalizedSlot(database);
    // One more than asked for: whether there is a next page.
    const rows = await database.all(`SELECT * FROM ${kind.table} ${where} ORDER BY address LIMIT ?`, [
        ...wanted.map(([, value]) => value),
        limit + 1,
    ]);
    const items = rows.slice(0, limit).map((row) => toAccount(row, finalizedSlot, raw));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor(kind.path, [last.address]) : null };
}

/** @throws MKT_INDEXER__ACCOUNT_UNKNOWN */
export async function readAccount(
    database: Database,
    kind: AccountKind,
    { address: wanted, raw }: { address: string; raw: boolean },
): Promise<IndexedAccount> {
    const finalizedSlot = await readFinalizedSlot(database);
    const [row] = await database.all(`SELECT * FROM ${kind.table} WHERE address = ?`, [wanted]);
    if (row !== undefined) return toAccount(row, finalizedSlot, raw);
    throw failure(
        'MKT_INDEXER__ACCOUNT_UNKNOWN',
        `no ${kind.type} stands at ${wanted} as far as this index goes; /v1/status tells how far that is`,
    );
}

const COMMITMENTS = ACCOUNT_KINDS.find(({ type }) => type === 'DeliveryCommitment') as AccountKind;

/** The newest commitments of a contract, as many as a page holds. */
export async function listNewestCommitments(
    database: Database,
    contract: string,
    raw: boolean,
): Promise<{ commitments: IndexedAccount[]; moreCommitments: boolean }> {
    const finalizedSlot = await readFinalizedSlot(database);
    const rows = await database.all(
        `SELECT * FROM ${COMMITMENTS.table} WHERE f_contract = ? ORDER BY f_epoch DESC, f_kind LIMIT ?`,
        [contract, INDEXER_MAX_LIMIT + 1],
    );
    return {
        commitments: rows.slice(0, INDEXER_MAX_LIMIT).map((row) => toAccount(row, finalizedSlot, raw)),
        moreCommitments: rows.length > INDEXER_MAX_LIMIT,
    };
}

/** Read before the rows: what is called final was so when they were read. */
async function readFinalizedSlot(database: Database): Promise<number> {
    return (await readState(database))?.finalizedSlot ?? 0;
}

function toAccount(row: Row, finalizedSlot: number, raw: boolean): IndexedAccount {
    const slot = Number(row.slot);
    return {
        address: String(row.address),
        slot,
        finalized: slot <= finalizedSlot,
        data: JSON.parse(String(row.data)) as Record<string, unknown>,
        ...(raw ? { raw: String(row.raw), lamports: String(row.lamports) } : {}),
    };
}
