import {
    address,
    INDEXER_EVENTS_PATH,
    INDEXER_MAX_LIMIT,
    INDEXER_STATUS_PATH,
    indexedEventPage,
    indexerStatus,
    transactionSignature,
} from '@ocm/sdk/http';
import { z } from 'zod';
import { ACCOUNT_KINDS, type AccountKind, type FilterField } from './kinds.js';
import type { Database } from './ports.js';
import { listAccounts, listNewestCommitments, readAccount } from './query-accounts.js';
import { listEvents } from './query-events.js';
import { contractWithCommitments, schemasOf } from './schemas.js';

export type RouteInput = { params: Record<string, unknown>; query: Record<string, unknown> };
/** One path: what Fastify checks, what answers it, and what the OpenAPI document says of it. */
export type Route = {
    path: string;
    summary: string;
    tag: string;
    params: z.ZodObject;
    query: z.ZodObject;
    response: z.ZodType;
    handle: (database: Database, input: RouteInput, status: () => Promise<unknown>) => Promise<unknown>;
};

const DEFAULT_LIMIT = 50;
const decimal = (max: number) =>
    z
        .string()
        .regex(/^(0|[1-9][0-9]{0,15})$/, `must be a whole number from 0 to ${max}`)
        .refine((digits) => Number(digits) <= max, `must be at most ${max}`)
        .transform(Number);
const limit = z
    .string()
    .regex(/^([1-9][0-9]?|100)$/, `must be a whole number from 1 to ${INDEXER_MAX_LIMIT}`)
    .transform(Number)
    .default(DEFAULT_LIMIT)
    .describe(`Items of a page, 1 to ${INDEXER_MAX_LIMIT}; ${DEFAULT_LIMIT} unless told`);
const cursor = z.string().min(1).max(400).optional().describe('`nextCursor` of the page before');
const raw = z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe("Whether to add the account's bytes (base64) and lamports");
/** Parameters of every list, which the OpenAPI document describes once. */
export const SHARED_PARAMETERS = z.object({ limit, cursor, raw });
const word = z.string().regex(/^[A-Za-z]{1,64}$/, 'must be a word of at most 64 letters');
const none = z.strictObject({});
const byAddress = z.strictObject({ address: address.describe('Address of the account') });

const FILTERS: Record<FilterField['type'], z.ZodType> = {
    address,
    text: word,
    integer: decimal(Number.MAX_SAFE_INTEGER),
};

const eventQuery = z.strictObject({
    limit,
    cursor,
    order: z.enum(['asc', 'desc']).default('desc').describe('By slot: oldest or newest first'),
    program: z.enum(['registry', 'market', 'settlement', 'governance']).optional(),
    name: word.optional().describe('Name of the event, such as `DeliverySettled`'),
    address: address.optional().describe('An address that the event names'),
    signature: transactionSignature.optional(),
    fromSlot: decimal(Number.MAX_SAFE_INTEGER).optional(),
    toSlot: decimal(Number.MAX_SAFE_INTEGER).optional(),
});

function toRoutes(kind: AccountKind): Route[] {
    const filters = Object.fromEntries(
        kind.filters.map(({ field, type }) => [
            field,
            FILTERS[type].optional().describe(`\`${field}\` of the account`),
        ]),
    );
    const listQuery = z.strictObject({ limit, cursor, raw, ...filters });
    const itemQuery = z.strictObject({ raw });
    const isContract = kind.type === 'Contract';
    const { account, page } = schemasOf(kind.type);
    return [
        {
            path: `/v1/${kind.path}`,
            summary: `Accounts of type ${kind.type} of the ${kind.program} program, by address`,
            tag: kind.program,
            params: none,
            query: listQuery,
            response: page,
            handle: (database, input) => {
                const query = input.query as z.infer<typeof listQuery> & Record<string, string | number | undefined>;
                return listAccounts(database, kind, { ...query, filters: query });
            },
        },
        {
            path: `/v1/${kind.path}/:address`,
            summary: `One ${kind.type}${isContract ? ' with its newest commitments' : ''}`,
            tag: kind.program,
            params: byAddress,
            query: itemQuery,
            response: isContract ? contractWithCommitments : account,
            handle: async (database, input) => {
                const wanted = { ...(input.params as { address: string }), ...(input.query as { raw: boolean }) };
                const found = await readAccount(database, kind, wanted);
                if (!isContract) return found;
                return { ...found, ...(await listNewestCommitments(database, found.address, wanted.raw)) };
            },
        },
    ];
}

export const ROUTES: readonly Route[] = [
    {
        path: INDEXER_STATUS_PATH,
        summary: 'How far the index goes and how far it is behind the cluster',
        tag: 'index',
        params: none,
        query: none,
        response: indexerStatus,
        handle: (_database, _input, status) => status(),
    },
    {
        path: INDEXER_EVENTS_PATH,
        summary: 'Events of the programs, newest first',
        tag: 'index',
        params: none,
        query: eventQuery,
        response: indexedEventPage,
        handle: (database, { query }) => listEvents(database, query as z.infer<typeof eventQuery>),
    },
    ...ACCOUNT_KINDS.flatMap(toRoutes),
];
