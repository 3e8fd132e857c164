import { type IndexedEventPage, indexedEvent, transactionSignature } from '@ocm/sdk/http';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Database, Row, SqlValue } from './ports.js';

export type EventQuery = {
    limit: number;
    order: 'asc' | 'desc';
    cursor?: string | undefined;
    program?: string | undefined;
    name?: string | undefined;
    address?: string | undefined;
    signature?: string | undefined;
    fromSlot?: number | undefined;
    toSlot?: number | undefined;
};

const slot = z.int().min(0);
/** More than a transaction has instructions or log lines; PostgreSQL refuses what its column cannot hold. */
const index = z.int().min(0).max(65_535);
const PLACE = ['slot', 'signature', 'instruction_index', 'event_index'] as const;

/** A page of events by slot; within a slot by signature, as the cluster does not tell the order. @throws MKT_HTTP__CURSOR_INVALID */
export async function listEvents(database: Database, query: EventQuery): Promise<IndexedEventPage> {
    const { limit, order } = query;
    // Whoever asks by address reads its places first, which lie in order; otherwise the events' own.
    const places = query.address === undefined ? 'e' : 'a';
    const conditions = listConditions(query, places);
    const columns = PLACE.map((column) => `${places}.${column}`);
    const sql = `SELECT e.*, t.block_time, t.final FROM
        ${
            places === 'a'
                ? `event_addresses a JOIN events e ON ${PLACE.slice(1)
                      .map((c) => `e.${c} = a.${c}`)
                      .join(' AND ')}`
                : 'events e'
        }
        JOIN transactions t ON t.signature = e.signature
        ${conditions.length === 0 ? '' : `WHERE ${conditions.map(([condition]) => condition).join(' AND ')}`}
        ORDER BY ${columns.map((column) => `${column} ${order}`).join(', ')} LIMIT ?`;
    const rows = await database.all(sql, [...conditions.flatMap(([, values]) => values), limit + 1]);
    const items = rows.slice(0, limit).map(toEvent);
    const last = items.at(-1);
    const nextCursor =
        rows.length > limit && last
            ? encodeCursor(listNameOf(order), [last.slot, last.signature, last.instructionIndex, last.eventIndex])
            : null;
    return { items, nextCursor };
}

const listNameOf = (order: string): string => `events-${order}`;

function listConditions(query: EventQuery, places: string): [string, SqlValue[]][] {
    const { cursor, order, program, name, address, signature, fromSlot, toSlot } = query;
    const conditions: [string, SqlValue[]][] = [];
    const add = (condition: string, value: SqlValue | undefined) => {
        if (value !== undefined) conditions.push([condition, [value]]);
    };
    add('a.address = ?', address);
    add('e.program = ?', program);
    add('e.name = ?', name);
    add('e.signature = ?', signature);
    add(`${places}.slot >= ?`, fromSlot);
    add(`${places}.slot <= ?`, toSlot);
    if (cursor !== undefined) {
        const place: SqlValue[] = decodeCursor(listNameOf(order), [slot, transactionSignature, index, index], cursor);
        const columns = PLACE.map((column) => `${places}.${column}`).join(', ');
        conditions.push([`(${columns}) ${order === 'asc' ? '>' : '<'} (?, ?, ?, ?)`, place]);
    }
    return conditions;
}

function toEvent(row: Row): z.infer<typeof indexedEvent> {
    return {
        signature: String(row.signature),
        instructionIndex: Number(row.instruction_index),
        eventIndex: Number(row.event_index),
        slot: Number(row.slot),
        blockTime: row.block_time == null ? null : Number(row.block_time),
        finalized: row.final === 1,
        program: indexedEvent.shape.program.parse(row.program),
        name: String(row.name),
        data: JSON.parse(String(row.data)) as Record<string, unknown>,
    };
}
