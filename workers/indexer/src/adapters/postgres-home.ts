import { failure, type Logger } from '@ocm/runtime';
import pg from 'pg';
import type { Database, DatabaseHome } from '../ports.js';
import { openPostgres, unreachable } from './postgres.js';

const SCHEMA = 'ocm_index';
const FRESH_SCHEMA = 'ocm_index_rebuild';
/** Any number that nobody else locks in that database: the ASCII bytes of `ocmi`. */
const LOCK_KEY = 0x6f63_6d69;

/**
 * Two schemas of a PostgreSQL database; a lock of this session keeps a second indexer out.
 * @throws MKT_INDEXER__DATABASE_UNREACHABLE, MKT_INDEXER__DATABASE_IN_USE
 */
export async function openPostgresHome(databaseUrl: string, log: Logger): Promise<DatabaseHome> {
    const lock = await takeLock(databaseUrl);
    let fresh: Database | undefined;
    let current: Database;
    try {
        current = await openPostgres(databaseUrl, SCHEMA, log);
    } catch (error) {
        await lock.end();
        throw error;
    }
    return {
        current: () => current,
        openFresh: async () => {
            await fresh?.close();
            await current.batch([{ sql: `DROP SCHEMA IF EXISTS ${FRESH_SCHEMA} CASCADE`, params: [] }]);
            fresh = await openPostgres(databaseUrl, FRESH_SCHEMA, log);
            return fresh;
        },
        adopt: async () => {
            if (fresh === undefined) throw new Error('there is no fresh database to adopt');
            await fresh.close();
            fresh = undefined;
            // Names are resolved at each query: those after this transaction find the new tables under the old name.
            await current.batch([
                { sql: `DROP SCHEMA ${SCHEMA} CASCADE`, params: [] },
                { sql: `ALTER SCHEMA ${FRESH_SCHEMA} RENAME TO ${SCHEMA}`, params: [] },
            ]);
        },
        close: async () => {
            await fresh?.close();
            await current.close();
            await lock.end();
        },
    };
}

async function takeLock(databaseUrl: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
    client.on('error', (error) => {
        // Without the lock a second indexer may write: this one ends and is started anew by whoever supervises it.
        throw unreachable(error);
    });
    try {
        await client.connect();
        const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK_KEY]);
        if (rows[0]?.taken) return client;
    } catch (error) {
        await client.end().catch(() => undefined);
        throw unreachable(error);
    }
    await client.end();
    throw failure(
        'MKT_INDEXER__DATABASE_IN_USE',
        'another indexer writes to the PostgreSQL of databaseUrl; stop it, or give this one another database',
    );
}
