import type { Database } from './ports.js';

export type Migration = { version: number; name: string; statements: (text: string) => string[] };

/** The table of one type of account, with a column and an index for each filter. */
const accountTable = (text: string, table: string, columns: readonly string[] = []): string[] => [
    `CREATE TABLE ${table} (address ${text} PRIMARY KEY, slot BIGINT NOT NULL, lamports TEXT NOT NULL, data TEXT NOT NULL,
     raw TEXT NOT NULL${columns.map((column) => `, ${column} ${column.endsWith('#') ? 'BIGINT' : text}`.replace('#', '')).join('')})`,
    ...columns
        .map((column) => column.replace('#', ''))
        .map((column) => `CREATE INDEX ${table}_${column} ON ${table} (${column}, address)`),
];

const FIRST_ACCOUNT_TABLES: readonly (readonly [string, ...string[]])[] = [
    ['participants', 'f_owner', 'f_stake_mint', 'f_kind', 'f_status'],
    ['nodes', 'f_participant', 'f_role', 'f_status'],
    ['claims', 'f_node', 'f_participant', 'f_direction', 'f_status'],
    ['offers', 'f_participant', 'f_mint', 'f_status'],
    ['contracts', 'f_content_provider', 'f_seller', 'f_offer', 'f_mint', 'f_state'],
    ['commitments', 'f_contract', 'f_state', 'f_epoch#', 'f_kind#'],
    ['challenges', 'f_commitment', 'f_contract', 'f_challenger', 'f_state'],
    ['sla_reports', 'f_commitment', 'f_auditor'],
    ['lots', 'f_content_provider', 'f_mint', 'f_status'],
    ['bids', 'f_lot', 'f_bidder', 'f_status'],
    ['bounties', 'f_content_provider', 'f_mint'],
    ['price_histories', 'f_mint'],
    ['reward_pools', 'f_creator', 'f_mint'],
    ['reward_statuses', 'f_pool', 'f_owner'],
    ['pools', 'f_creator'],
    ['operator_terms', 'f_participant'],
    ['node_consents', 'f_node', 'f_participant'],
    ['beacons', 'f_owner', 'f_status'],
    ['beacon_pages'],
    ['beacon_registries'],
    ['configs'],
    ['closed_participants', 'f_owner'],
    ['boards', 'f_creator'],
    ['proposals', 'f_board', 'f_status'],
    ['proposal_instructions', 'f_proposal'],
];

/** In order, each applied once and never changed after a release: a change is a further one. */
export const MIGRATIONS: readonly Migration[] = [
    {
        version: 1,
        name: 'transactions and events',
        statements: (text) => [
            `CREATE TABLE state (id INTEGER PRIMARY KEY, genesis_hash TEXT NOT NULL, indexed_slot BIGINT NOT NULL,
             finalized_slot BIGINT NOT NULL, seen_slot BIGINT NOT NULL, completed_at_ms BIGINT NOT NULL,
             rescanned_at_ms BIGINT NOT NULL)`,
            `CREATE TABLE cursors (program TEXT PRIMARY KEY, head_signature TEXT, head_slot BIGINT, walk_before TEXT,
             walk_signature TEXT, walk_slot BIGINT)`,
            `CREATE TABLE transactions (signature ${text} PRIMARY KEY, slot BIGINT NOT NULL, block_time BIGINT,
             failed INTEGER NOT NULL, final INTEGER NOT NULL, ingested INTEGER NOT NULL, attempts INTEGER NOT NULL,
             touched TEXT)`,
            'CREATE INDEX transactions_pending ON transactions (ingested, attempts, slot, signature)',
            'CREATE INDEX transactions_final ON transactions (final)',
            `CREATE TABLE events (signature ${text} NOT NULL, instruction_index INTEGER NOT NULL,
             event_index INTEGER NOT NULL, slot BIGINT NOT NULL, program ${text} NOT NULL, name ${text} NOT NULL,
             data TEXT NOT NULL, PRIMARY KEY (signature, instruction_index, event_index))`,
            'CREATE INDEX events_place ON events (slot, signature, instruction_index, event_index)',
            'CREATE INDEX events_name ON events (name, slot, signature, instruction_index, event_index)',
            'CREATE INDEX events_program ON events (program, slot, signature, instruction_index, event_index)',
            `CREATE TABLE event_addresses (address ${text} NOT NULL, slot BIGINT NOT NULL, signature ${text} NOT NULL,
             instruction_index INTEGER NOT NULL, event_index INTEGER NOT NULL,
             PRIMARY KEY (address, slot, signature, instruction_index, event_index))`,
            'CREATE INDEX event_addresses_signature ON event_addresses (signature)',
        ],
    },
    {
        version: 2,
        name: 'accounts',
        statements: (text) => [
            `CREATE TABLE accounts (address ${text} PRIMARY KEY, kind TEXT NOT NULL)`,
            `CREATE TABLE stale_accounts (address ${text} PRIMARY KEY)`,
            ...FIRST_ACCOUNT_TABLES.flatMap(([table, ...columns]) => accountTable(text, table, columns)),
        ],
    },
];

/** Addresses and names are compared byte by byte in both databases, so that pages have one order. */
export const textTypeOf = ({ dialect }: Pick<Database, 'dialect'>): string =>
    dialect === 'postgres' ? 'TEXT COLLATE "C"' : 'TEXT';
