import { failure } from '@ocm/runtime';
import { MIGRATIONS, type Migration, textTypeOf } from './migrations.js';
import type { Database } from './ports.js';

/**
 * Brings a database to the newest version: each migration and its number in one transaction, so that a killed one
 * leaves nothing behind.
 * @throws MKT_INDEXER__DATABASE_NEWER
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
    await database.batch([
        {
            sql: 'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)',
            params: [],
        },
    ]);
    const applied = (await database.all('SELECT version FROM schema_migrations')).map(({ version }) => Number(version));
    const newest = Math.max(0, ...migrations.map(({ version }) => version));
    const unknown = applied.find((version) => version > newest);
    if (unknown !== undefined)
        throw failure(
            'MKT_INDEXER__DATABASE_NEWER',
            `the database has schema version ${unknown}, this program knows up to ${newest}; run the newer program, or start with --rebuild`,
            { version: unknown },
        );
    for (const { version, name, statements } of migrations) {
        if (applied.includes(version)) continue;
        await database.batch([
            ...statements(textTypeOf(database)).map((sql) => ({ sql, params: [] })),
            { sql: 'INSERT INTO schema_migrations (version, name) VALUES (?, ?)', params: [version, name] },
        ]);
    }
}
