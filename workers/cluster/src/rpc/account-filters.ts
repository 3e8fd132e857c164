import { z } from 'zod';
import { decodeBase58 } from '../ledger/addresses.js';
import { tokenAccountKind } from '../ledger/token-accounts.js';
import { MAX_MEMCMP_BYTES, MAX_PROGRAM_FILTERS } from '../limits.js';
import type { AccountView } from '../types.js';
import { invalidParams } from './errors.js';
import { unsignedSchema } from './params.js';

const memcmpSchema = z.looseObject({
    offset: unsignedSchema,
    bytes: z.union([z.string().max(256), z.array(z.number().int().min(0).max(255)).max(MAX_MEMCMP_BYTES)]),
    encoding: z.enum(['base58', 'base64', 'binary']).nullish(),
});

export const filtersSchema = z
    .array(
        z.union([
            z.looseObject({ memcmp: memcmpSchema }),
            z.looseObject({ dataSize: unsignedSchema }),
            z.looseObject({ tokenAccountState: z.null().optional() }),
            z.literal('tokenAccountState'),
        ]),
    )
    .max(MAX_PROGRAM_FILTERS, `at most ${MAX_PROGRAM_FILTERS} filters are allowed`)
    .nullish();
export type AccountFilters = z.infer<typeof filtersSchema>;

export type AccountPredicate = (account: AccountView) => boolean;

function decodeMemcmp(memcmp: z.infer<typeof memcmpSchema>): Uint8Array {
    if (Array.isArray(memcmp.bytes)) return Uint8Array.from(memcmp.bytes);
    let bytes: Uint8Array;
    if (memcmp.encoding === 'base64') {
        bytes = Buffer.from(memcmp.bytes, 'base64');
    } else {
        try {
            bytes = decodeBase58(memcmp.bytes);
        } catch {
            throw invalidParams('memcmp.bytes is not base58');
        }
    }
    if (bytes.length > MAX_MEMCMP_BYTES) throw invalidParams(`memcmp compares at most ${MAX_MEMCMP_BYTES} bytes`);
    return bytes;
}

function memcmpPredicate(memcmp: z.infer<typeof memcmpSchema>): AccountPredicate {
    const wanted = decodeMemcmp(memcmp);
    const { offset } = memcmp;
    return ({ data }) => {
        if (offset + wanted.length > data.length) return false;
        for (let index = 0; index < wanted.length; index++) if (data[offset + index] !== wanted[index]) return false;
        return true;
    };
}

/** One predicate out of all filters; size is compared first, being the cheapest. Throws RpcError on bad bytes. */
export function compileFilters(filters: AccountFilters): AccountPredicate {
    const predicates: AccountPredicate[] = [];
    for (const filter of filters ?? []) {
        if (typeof filter === 'object' && 'dataSize' in filter) {
            const size = filter.dataSize;
            predicates.unshift(({ data }) => data.length === size);
        } else if (typeof filter === 'object' && 'memcmp' in filter) {
            predicates.push(memcmpPredicate(filter.memcmp as z.infer<typeof memcmpSchema>));
        } else {
            predicates.push((account) => tokenAccountKind(account) === 'account');
        }
    }
    return (account) => predicates.every((matches) => matches(account));
}
