import { errorMessageOf, failure } from '@ocm/runtime';
import Libsql from 'libsql';
import type { Database, Row, Statement } from '../ports.js';

/** A reader beside the one writer waits this long at most. */
const BUSY_TIMEOUT_MS = 5_000;
/** Statements kept prepared; the program has fewer than this. */
const MAX_PREPARED = 256;

/**
 * A database file. The driver is synchronous: a batch is one turn of the event loop, so nobody sees half of it.
 * @throws MKT_INDEXER__DATABASE_UNREADABLE
 */
export function openLibsql(path: string): Database {
    const file = open(path);
    const prepared = new Map<string, Libsql.Statement>();
    const prepare = (sql: string): Libsql.Statement => {
        const known = prepared.get(sql);
        if (known !== undefined) return known;
        if (prepared.size >= MAX_PREPARED) prepared.clear();
        const statement = file.prepare(sql);
        prepared.set(sql, statement);
        return statement;
    };
    const runAll = file.transaction((statements: readonly Statement[]) => {
        for (const { sql, params } of statements) {
            if (sql.startsWith('CREATE ')) file.exec(sql);
            else prepare(sql).run(...params);
        }
    });
    return {
        dialect: 'libsql',
        all: async (sql, params = []) => prepare(sql).all(...params) as Row[],
        batch: async (statements) => void runAll(statements),
        close: async () => {
            prepared.clear();
            file.close();
        },
    };
}

function open(path: string): Libsql.Database {
    try {
        const file = new Libsql(path);
        file.pragma('journal_mode = WAL');
        file.pragma('synchronous = NORMAL');
        file.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
        return file;
    } catch (error) {
        throw failure(
            'MKT_INDEXER__DATABASE_UNREADABLE',
            `${path} cannot be opened as a database (${errorMessageOf(error)}); move it away, or start with --rebuild`,
            { path },
            error,
        );
    }
}
