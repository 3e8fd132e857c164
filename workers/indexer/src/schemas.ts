import { problemBody } from '@ocm/runtime';
import {
    address,
    hash32,
    INDEXER_MAX_LIMIT,
    indexedAccount,
    indexedEvent,
    indexedEventPage,
    indexedFields,
    indexerStatus,
    transactionSignature,
    u64String,
} from '@ocm/sdk/http';
import { z } from 'zod';

type AccountSchemas = { account: z.ZodObject; page: z.ZodType };

const pageOf = (account: z.ZodType) => z.object({ items: z.array(account), nextCursor: z.string().nullable() });
const untyped: AccountSchemas = { account: indexedAccount, page: pageOf(indexedAccount) };
const typed = new Map<string, AccountSchemas>(
    Object.entries(indexedFields).map(([type, data]) => {
        const account = indexedAccount.extend({ data });
        return [type, { account, page: pageOf(account) }];
    }),
);

/** What is answered for a type of account. */
export const schemasOf = (type: string): AccountSchemas => typed.get(type) ?? untyped;

/** One contract comes with its newest commitments; `/v1/commitments?contract=` lists the others. */
export const contractWithCommitments = schemasOf('Contract').account.extend({
    commitments: z.array(schemasOf('DeliveryCommitment').account).max(INDEXER_MAX_LIMIT),
    moreCommitments: z.boolean(),
});

/** Schemas that the OpenAPI document names instead of writing them out. */
export const NAMED_SCHEMAS: readonly (readonly [string, z.ZodType])[] = [
    ['Address', address],
    ['Hash', hash32],
    ['Unsigned', u64String],
    ['Signature', transactionSignature],
    ['Status', indexerStatus],
    ['Event', indexedEvent],
    ['EventPage', indexedEventPage],
    ['Problem', problemBody],
    ['Account', untyped.account],
    ['AccountPage', untyped.page],
    ...Object.entries(indexedFields).map(([type, fields]) => [type, fields] as const),
    ...[...typed].flatMap(([type, { account, page }]) => [
        [`${type}Account`, account] as const,
        [`${type}Page`, page] as const,
    ]),
    ['ContractWithCommitments', contractWithCommitments],
];
