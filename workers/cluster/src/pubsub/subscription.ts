import { z } from 'zod';
import type { AccountPredicate } from '../rpc/account-filters.js';
import { compileFilters, filtersSchema } from '../rpc/account-filters.js';
import { invalidParams, METHOD_NOT_FOUND, RpcError } from '../rpc/errors.js';
import {
    type AccountConfig,
    accountConfig,
    accountConfigFields,
    commitmentSchema,
    contextConfig,
    parseParams,
    pubkeySchema,
    signatureSchema,
} from '../rpc/params.js';

/** Where notifications go: one WebSocket connection. */
export interface Sink {
    send(text: string): void;
}

interface Base {
    readonly id: number;
    readonly sink: Sink;
}

export type SubscriptionTopic =
    | { readonly kind: 'account'; readonly key: string; readonly config: AccountConfig }
    | {
          readonly kind: 'program';
          readonly key: string;
          readonly config: AccountConfig;
          readonly matches: AccountPredicate;
      }
    /** `key` is the mentioned address, or `all`. */
    | { readonly kind: 'logs'; readonly key: string }
    | { readonly kind: 'signature'; readonly key: string; readonly wantsReceived: boolean }
    | { readonly kind: 'slot'; readonly key: 'all' }
    | { readonly kind: 'root'; readonly key: 'all' };

export type Subscription = Base & SubscriptionTopic;
export type SubscriptionKind = SubscriptionTopic['kind'];

const programConfig = z.looseObject({ ...accountConfigFields, filters: filtersSchema }).nullish();
const logsFilter = z.union([
    z.literal('all'),
    z.literal('allWithVotes'),
    z.looseObject({ mentions: z.array(pubkeySchema).length(1, 'name exactly one address') }),
]);
const signatureConfig = z
    .looseObject({
        commitment: commitmentSchema.nullish(),
        enableReceivedNotification: z.boolean().nullish(),
    })
    .nullish();

/** What a `…Subscribe` request asks for. Throws RpcError. */
export function parseTopic(kind: string, params: readonly unknown[]): SubscriptionTopic {
    switch (kind) {
        case 'account': {
            const [key, config] = parseParams([pubkeySchema, accountConfig], params);
            return { kind, key, config };
        }
        case 'program': {
            const [key, config] = parseParams([pubkeySchema, programConfig], params);
            return { kind, key, config, matches: compileFilters(config?.filters) };
        }
        case 'logs': {
            const [filter] = parseParams([logsFilter, contextConfig], params);
            if (typeof filter === 'string') return { kind, key: 'all' };
            const [mention] = filter.mentions;
            if (mention === undefined) throw invalidParams('params[0].mentions: name exactly one address');
            return { kind, key: mention };
        }
        case 'signature': {
            const [key, config] = parseParams([signatureSchema, signatureConfig], params);
            return { kind, key, wantsReceived: config?.enableReceivedNotification === true };
        }
        case 'slot':
        case 'root':
            parseParams([], params);
            return { kind, key: 'all' };
        default:
            throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
    }
}
