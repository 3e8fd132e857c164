import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDLS, PROGRAM_NAMES } from '@ocm/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsql } from '../src/adapters/libsql.js';
import { openLibsqlHome } from '../src/adapters/libsql-home.js';
import { ACCOUNT_KINDS, columnOf } from '../src/kinds.js';
import { migrate } from '../src/migrate.js';
import { MIGRATIONS } from '../src/migrations.js';
import { numberParameters } from '../src/number-parameters.js';
import type { Database } from '../src/ports.js';

let folder: string;
let database: Database;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
    database = openLibsql(join(folder, 'index.db'));
});
afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
});

const listTables = async () =>
    (await database.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).map(({ name }) => name);

describe('types of accounts', () => {
    it.each(PROGRAM_NAMES)('are all those of the %s program', (program) => {
        const kinds = ACCOUNT_KINDS.filter((kind) => kind.program === program).map(({ type }) => type);
        const known = IDLS[program].accounts.map(({ name }) => name as string);
        expect(kinds.filter((type) => type !== 'ClosedParticipant').toSorted()).toEqual(known.toSorted());
    });

    it('have each a table with a column for every filter, and no other', async () => {
        await migrate(database);
        for (const kind of ACCOUNT_KINDS) {
            const columns = (await database.all(`PRAGMA table_info(${kind.table})`)).map(({ name }) => name);
            expect(columns, kind.type).toEqual([
                'address',
                'slot',
                'lamports',
                'data',
                'raw',
                ...kind.filters.map(columnOf),
            ]);
        }
    });
});

describe('migrations', () => {
    it('are numbered in order', () => {
        expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, place) => place + 1));
    });

    it('are applied once', async () => {
        await migrate(database);
        const tables = await listTables();
        await migrate(database);
        expect(await listTables()).toEqual(tables);
        expect(await database.all('SELECT version FROM schema_migrations')).toEqual(
            MIGRATIONS.map(({ version }) => ({ version })),
        );
    });

    it('leave nothing of one that fails halfway, and go on from there', async () => {
        const broken = {
            version: 3,
            name: 'broken',
            statements: () => ['CREATE TABLE half (a TEXT)', 'CREATE TABLE ('],
        };
        await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow();
        expect(await listTables()).not.toContain('half');
        const mended = { ...broken, statements: () => ['CREATE TABLE whole (a TEXT)'] };
        await migrate(database, [...MIGRATIONS, mended]);
        expect(await listTables()).toContain('whole');
    });

    it('refuse a database of a newer program', async () => {
        await migrate(database);
        await database.batch([{ sql: "INSERT INTO schema_migrations VALUES (99, 'later')", params: [] }]);
        await expect(migrate(database)).rejects.toMatchObject({
            code: 'MKT_INDEXER__DATABASE_NEWER',
            message: expect.stringContaining('version 99'),
        });
    });
});

describe('a database file', () => {
    const damaged = async () => {
        const dataDir = await mkdtemp(join(folder, 'home-'));
        await writeFile(join(dataDir, 'index-1.db'), 'no database, whatever its name says'.repeat(200));
        return dataDir;
    };

    it('that is none is refused with what to do', async () => {
        const dataDir = await damaged();
        expect(() => openLibsqlHome(dataDir, { discardUnreadable: false })).toThrow(
            expect.objectContaining({
                code: 'MKT_INDEXER__DATABASE_UNREADABLE',
                message: expect.stringContaining('--rebuild'),
            }),
        );
    });

    it('that is none gives way to a new one where a rebuild is asked for', async () => {
        const home = openLibsqlHome(await damaged(), { discardUnreadable: true });
        await migrate(home.current());
        expect(await home.current().all('SELECT * FROM events')).toEqual([]);
        await home.close();
    });
});

describe('a batch', () => {
    it('is written whole or not at all', async () => {
        await database.batch([{ sql: 'CREATE TABLE one (a BIGINT PRIMARY KEY)', params: [] }]);
        const insert = (value: number) => ({ sql: 'INSERT INTO one (a) VALUES (?)', params: [value] });
        await expect(database.batch([insert(1), insert(2), insert(1)])).rejects.toThrow();
        expect(await database.all('SELECT a FROM one')).toEqual([]);
        await database.batch([insert(2 ** 53 - 1)]);
        expect(await database.all('SELECT a FROM one')).toEqual([{ a: 2 ** 53 - 1 }]);
    });

    it('has numbered parameters for PostgreSQL', () => {
        expect(numberParameters('a = ? AND b IN (?, ?)')).toBe('a = $1 AND b IN ($2, $3)');
    });
});
