import { errorMessageOf, failure, type Logger } from '@ocm/runtime';
import pg from 'pg';
import { numberParameters } from '../number-parameters.js';
import type { Database, Row, SqlValue, Statement } from '../ports.js';

const MAX_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Type `int8`: slots, counts and times, all below 2^53; amounts are text. */
const INT8 = 20;
/** SQLSTATE classes: connection, resources, operator intervention. */
const OUTAGE = /^(08|53|57)/;

/** A schema of a PostgreSQL database. @throws MKT_INDEXER__DATABASE_UNREACHABLE */
export async function openPostgres(databaseUrl: string, schema: string, log: Logger): Promise<Database> {
    const pool = new pg.Pool({
        connectionString: databaseUrl,
        max: MAX_CONNECTIONS,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        statement_timeout: STATEMENT_TIMEOUT_MS,
        options: `-c search_path=${schema} -c client_min_messages=warning`,
        application_name: 'ocm-indexer',
        types: { getTypeParser: parserOf } as pg.CustomTypesConfig,
    });
    // A connection that breaks while idle is replaced by the next query, which tells if it cannot be.
    pool.on('error', (error) => log.warn({ err: error }, 'a database connection broke'));
    try {
        await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    } catch (error) {
        await pool.end();
        throw unreachable(error);
    }
    return {
        dialect: 'postgres',
        all: async (sql, params = []) =>
            (await pool.query<Row>(numberParameters(sql), [...params]).catch(toFailure)).rows,
        batch: (statements) => runBatch(pool, statements).catch(toFailure),
        close: () => pool.end(),
    };
}

export function unreachable(error: unknown): Error {
    return failure(
        'MKT_INDEXER__DATABASE_UNREACHABLE',
        `the PostgreSQL of databaseUrl is not usable (${errorMessageOf(error)}); start it, or correct databaseUrl`,
        {},
        error,
    );
}

/** What the server itself says about a statement is a fault of ours and stays as it is. */
function toFailure(error: unknown): never {
    throw error instanceof pg.DatabaseError && !OUTAGE.test(error.code ?? '') ? error : unreachable(error);
}

async function runBatch(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
    const client = await pool.connect();
    try {
        await client.query('BEGIN');
        for (const { sql, params } of statements) await client.query(numberParameters(sql), params as SqlValue[]);
        await client.query('COMMIT');
        client.release();
    } catch (error) {
        // What is released with an error is closed, which rolls back even where the connection no longer answers.
        client.release(true);
        throw error;
    }
}

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
    return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}
