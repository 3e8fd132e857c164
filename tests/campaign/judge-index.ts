import { join } from 'node:path';
import type { SimulatedCluster } from '@ocm/cluster';
import { ACCOUNT_KINDS, type Database, openLibsqlHome } from '@ocm/indexer';
import { openIndex } from '../indexer/index-of.js';
import { startRpcFront } from './rpc-front.js';
import type { World } from './world.js';

/** Everything about the chain that does not say when it was read. */
const READ = [
    'SELECT signature, slot, failed, ingested FROM transactions',
    'SELECT signature, instruction_index, event_index, program, name, data FROM events',
    'SELECT address, signature, instruction_index, event_index FROM event_addresses',
    'SELECT address, kind FROM accounts',
    ...ACCOUNT_KINDS.map(({ table }) => `SELECT address, lamports, data, raw FROM ${table}`),
];

/** Holds the killed indexer's database, brought up to date once, against one that reads the same chain undisturbed. */
export async function judgeIndex({ folder, chain, history }: World): Promise<void> {
    const front = await startRpcFront(chain.market.cluster as SimulatedCluster, {
        onRequest: () => undefined,
        onSend: () => 'pass',
        onSent: () => undefined,
    });
    const home = openLibsqlHome(join(folder, 'indexer'), { discardUnreadable: false });
    try {
        const killed = await openIndex(front.url, { home });
        await killed.pass();
        const found = await read(killed.database);
        await killed.close();
        const undisturbed = await openIndex(front.url);
        await undisturbed.pass();
        const expected = await read(undisturbed.database);
        await undisturbed.close();
        for (const [query, rows] of expected) {
            const own = new Set(found.get(query));
            const missing = rows.filter((row) => !own.has(row));
            const extra = [...own].filter((row) => !rows.includes(row));
            if (missing.length + extra.length > 0 || own.size !== found.get(query)?.length)
                history.violated(`the index differs from the chain in ${query}: -${missing[0]} +${extra[0]}`);
        }
    } finally {
        await front.close();
    }
}

async function read(database: Database): Promise<Map<string, string[]>> {
    const tables = new Map<string, string[]>();
    for (const query of READ)
        tables.set(
            query,
            (await database.all(query)).map((row) => JSON.stringify(row)),
        );
    return tables;
}
