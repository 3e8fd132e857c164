import { z } from 'zod';
import { MAX_MULTIPLE_ACCOUNTS } from '../../limits.js';
import { encodeAccount } from '../account-encoding.js';
import { compileFilters, filtersSchema } from '../account-filters.js';
import { assertContext, type RpcMethods, withContext } from '../context.js';
import { accountConfig, accountConfigFields, contextConfig, parseParams, pubkeySchema } from '../params.js';

const programAccountsConfig = z
    .looseObject({
        ...accountConfigFields,
        filters: filtersSchema,
        withContext: z.boolean().nullish(),
        sortResults: z.boolean().nullish(),
    })
    .nullish();

export const accountMethods: RpcMethods = {
    getBalance: (params, { ledger }) => {
        const [address, config] = parseParams([pubkeySchema, contextConfig], params);
        assertContext(ledger, config);
        return withContext(ledger, ledger.getBalance(address));
    },
    getAccountInfo: (params, { ledger }) => {
        const [address, config] = parseParams([pubkeySchema, accountConfig], params);
        assertContext(ledger, config);
        return withContext(ledger, encodeAccount(ledger.runtime, ledger.getAccount(address), config, address));
    },
    getMultipleAccounts: (params, { ledger }) => {
        const list = z
            .array(pubkeySchema)
            .max(MAX_MULTIPLE_ACCOUNTS, `too many inputs, at most ${MAX_MULTIPLE_ACCOUNTS} are allowed`);
        const [addresses, config] = parseParams([list, accountConfig], params);
        assertContext(ledger, config);
        const accounts = addresses.map((address) =>
            encodeAccount(ledger.runtime, ledger.getAccount(address), config, address),
        );
        return withContext(ledger, accounts);
    },
    getProgramAccounts: (params, { ledger }) => {
        const [program, config] = parseParams([pubkeySchema, programAccountsConfig], params);
        assertContext(ledger, config);
        const matches = compileFilters(config?.filters);
        const found: { pubkey: string; account: unknown }[] = [];
        for (const [pubkey, account] of ledger.programAccounts.list(program)) {
            if (matches(account))
                found.push({ pubkey, account: encodeAccount(ledger.runtime, account, config, pubkey) });
        }
        if (config?.sortResults !== false) found.sort((a, b) => (a.pubkey < b.pubkey ? -1 : 1));
        return config?.withContext === true ? withContext(ledger, found) : found;
    },
};
