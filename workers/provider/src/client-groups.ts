import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorCodeOf, failure, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';

/** Clients per group: large enough that a group id in a log singles out nobody (security.md 3.2, rule P2). */
const MIN_CLIENTS = 50;
export const GROUP_TABLE_SECS = 86_400;

const tableFile = z.strictObject({
    version: z.literal(1),
    tables: z.array(
        z.strictObject({
            contract: z.string(),
            day: z.int(),
            groups: z.array(z.strictObject({ id: z.int().min(1).max(0xffff_ffff), prefixes: z.array(z.string()) })),
        }),
    ),
});

/** A client as pseudonyms of the day: whoever reads them back needs the day's key. */
export type GroupMember = { contract: string; prefix: string; client: string; nowSecs: number };
export type ClientGroups = {
    /** The group of a client, whose prefix joins one if it is new. On disk before it is told. */
    assign(member: GroupMember): Promise<number>;
    /** Deletes the tables of past days. */
    forget(nowSecs: number): Promise<void>;
};
type Table = { day: number; groupOf: Map<string, number>; newest: number; clients: Set<string> };

/**
 * Random group ids from a table per contract (P2): a prefix (IPv4 /24, IPv6 /48) is never divided, and a group takes in
 * further prefixes until it has at least 50 clients. A table lasts a day at most and is then deleted, not after 30; it has
 * pseudonyms instead of addresses and never leaves this worker. The last group of a day may stay smaller than 50: it is
 * then everybody who came after the others were full. After a restart the newest group counts its clients from zero,
 * which makes it larger, never smaller.
 */
export async function openClientGroups({ path, fixed }: { path?: string; fixed?: number }): Promise<ClientGroups> {
    if (fixed !== undefined) return { assign: async () => fixed, forget: async () => undefined };
    const tables = path === undefined ? new Map<string, Table>() : await readTables(path);
    const write = coalesce(async () => {
        if (path !== undefined) await writeFileAtomic(path, encodeTables(tables), 0o600);
    });
    let written: Promise<void> = Promise.resolve();
    return {
        async assign({ contract, prefix, client, nowSecs }) {
            const day = Math.floor(nowSecs / GROUP_TABLE_SECS);
            let table = tables.get(contract);
            if (table === undefined || table.day !== day) {
                table = { day, groupOf: new Map(), newest: 0, clients: new Set() };
                tables.set(contract, table);
            }
            const held = table.groupOf.get(prefix);
            const group = held ?? joinGroup(table, prefix);
            if (group === table.newest) table.clients.add(client);
            if (held === undefined) written = write();
            // A table that could not be written is written again, not taken for lost.
            await written.catch(() => {
                written = write();
                return written;
            });
            return group;
        },
        async forget(nowSecs) {
            const day = Math.floor(nowSecs / GROUP_TABLE_SECS);
            const past = [...tables].filter(([, table]) => table.day < day);
            for (const [contract] of past) tables.delete(contract);
            if (past.length > 0) await write();
        },
    };
}

/** Calls that come while one runs share the next: a thousand new prefixes at once are two writes, not a thousand. */
function coalesce(run: () => Promise<void>): () => Promise<void> {
    let running: Promise<void> = Promise.resolve();
    let next: Promise<void> | undefined;
    return () => {
        next ??= running
            .catch(() => undefined)
            .then(() => {
                next = undefined;
                running = run();
                return running;
            });
        return next;
    };
}

function joinGroup(table: Table, prefix: string): number {
    if (table.newest === 0 || table.clients.size >= MIN_CLIENTS) {
        const taken = new Set(table.groupOf.values());
        do table.newest = randomBytes(4).readUInt32LE();
        while (table.newest === 0 || taken.has(table.newest));
        table.clients = new Set();
    }
    table.groupOf.set(prefix, table.newest);
    return table.newest;
}

function encodeTables(tables: ReadonlyMap<string, Table>): string {
    const encoded = [...tables].map(([contract, { day, groupOf }]) => {
        const prefixesOf = new Map<number, string[]>();
        for (const [prefix, id] of groupOf) prefixesOf.set(id, [...(prefixesOf.get(id) ?? []), prefix]);
        return { contract, day, groups: [...prefixesOf].map(([id, prefixes]) => ({ id, prefixes: prefixes.sort() })) };
    });
    return `${JSON.stringify({ version: 1, tables: encoded })}\n`;
}

async function readTables(path: string): Promise<Map<string, Table>> {
    try {
        const { tables } = tableFile.parse(JSON.parse(await readFile(path, 'utf8')));
        return new Map(
            tables.map(({ contract, day, groups }) => {
                const groupOf = new Map(groups.flatMap(({ id, prefixes }) => prefixes.map((prefix) => [prefix, id])));
                return [contract, { day, groupOf, newest: groups.at(-1)?.id ?? 0, clients: new Set() }];
            }),
        );
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return new Map();
        throw failure(
            'MKT_PROVIDER__GROUP_TABLE_UNREADABLE',
            `${path} does not hold this worker's client groups; remove it, and groups begin anew`,
        );
    }
}
