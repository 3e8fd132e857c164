import { z } from 'zod';
import { TOKEN_PROGRAMS } from '../../ledger/addresses.js';
import type { Ledger } from '../../ledger/ledger.js';
import {
    amountOf,
    decimalsOfMint,
    delegateOf,
    formatTokenAmount,
    mintOf,
    ownerOf,
    supplyOf,
    tokenAccountKind,
} from '../../ledger/token-accounts.js';
import type { AccountView } from '../../types.js';
import { encodeAccount } from '../account-encoding.js';
import { assertContext, type RpcMethods, withContext } from '../context.js';
import { INVALID_PARAMS, invalidParams, RpcError } from '../errors.js';
import { type AccountConfig, accountConfig, contextConfig, parseParams, pubkeySchema } from '../params.js';

const LARGEST_ACCOUNTS = 20;

const tokenFilterSchema = z.union([z.looseObject({ mint: pubkeySchema }), z.looseObject({ programId: pubkeySchema })]);
type TokenFilter = z.infer<typeof tokenFilterSchema>;

function couldNotFind(): RpcError {
    return new RpcError(INVALID_PARAMS, 'Invalid param: could not find account');
}

/** The token program a filter means and whether an account passes it. Throws if the filter names none. */
function resolveFilter(ledger: Ledger, filter: TokenFilter): { program: string; mint?: string } {
    if ('mint' in filter && typeof filter.mint === 'string') {
        const mint = ledger.getAccount(filter.mint);
        if (mint === undefined) throw new RpcError(INVALID_PARAMS, 'Invalid param: could not find mint');
        if (tokenAccountKind(mint) !== 'mint') throw new RpcError(INVALID_PARAMS, 'Invalid param: not a Token mint');
        return { program: mint.owner, mint: filter.mint };
    }
    const program = (filter as { programId: string }).programId;
    if (!TOKEN_PROGRAMS.has(program))
        throw new RpcError(INVALID_PARAMS, 'Invalid param: unrecognized Token program id');
    return { program };
}

function listTokenAccounts(
    ledger: Ledger,
    filter: TokenFilter,
    config: AccountConfig,
    belongs: (account: AccountView) => boolean,
): object {
    assertContext(ledger, config);
    const { program, mint } = resolveFilter(ledger, filter);
    const found: object[] = [];
    for (const [pubkey, account] of ledger.programAccounts.list(program)) {
        if (tokenAccountKind(account) !== 'account' || !belongs(account)) continue;
        if (mint !== undefined && mintOf(account.data) !== mint) continue;
        found.push({ pubkey, account: encodeAccount(ledger.runtime, account, config, pubkey) });
    }
    return withContext(ledger, found);
}

export const tokenMethods: RpcMethods = {
    getTokenAccountBalance: (params, { ledger }) => {
        const [address, config] = parseParams([pubkeySchema, contextConfig], params);
        assertContext(ledger, config);
        const account = ledger.getAccount(address);
        if (account === undefined) throw couldNotFind();
        if (tokenAccountKind(account) !== 'account') {
            throw new RpcError(INVALID_PARAMS, 'Invalid param: not a Token account');
        }
        const decimals = decimalsOfMint(ledger.runtime, mintOf(account.data));
        if (decimals === undefined) throw invalidParams('the mint of this token account does not exist');
        return withContext(ledger, formatTokenAmount(amountOf(account.data), decimals));
    },
    getTokenSupply: (params, { ledger }) => {
        const [address, config] = parseParams([pubkeySchema, contextConfig], params);
        assertContext(ledger, config);
        const account = ledger.getAccount(address);
        if (account === undefined) throw couldNotFind();
        if (tokenAccountKind(account) !== 'mint') throw new RpcError(INVALID_PARAMS, 'Invalid param: not a Token mint');
        return withContext(ledger, formatTokenAmount(supplyOf(account.data), account.data[44] ?? 0));
    },
    getTokenAccountsByOwner: (params, { ledger }) => {
        const [owner, filter, config] = parseParams([pubkeySchema, tokenFilterSchema, accountConfig], params);
        return listTokenAccounts(ledger, filter, config, ({ data }) => ownerOf(data) === owner);
    },
    getTokenAccountsByDelegate: (params, { ledger }) => {
        const [delegate, filter, config] = parseParams([pubkeySchema, tokenFilterSchema, accountConfig], params);
        return listTokenAccounts(ledger, filter, config, ({ data }) => delegateOf(data)?.delegate === delegate);
    },
    getTokenLargestAccounts: (params, { ledger }) => {
        const [mint, config] = parseParams([pubkeySchema, contextConfig], params);
        assertContext(ledger, config);
        const { program } = resolveFilter(ledger, { mint });
        const decimals = decimalsOfMint(ledger.runtime, mint) ?? 0;
        const holders: { address: string; amount: bigint }[] = [];
        for (const [address, account] of ledger.programAccounts.list(program)) {
            if (tokenAccountKind(account) !== 'account' || mintOf(account.data) !== mint) continue;
            holders.push({ address, amount: amountOf(account.data) });
        }
        holders.sort((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1));
        const largest = holders
            .slice(0, LARGEST_ACCOUNTS)
            .map(({ address, amount }) => ({ address, ...formatTokenAmount(amount, decimals) }));
        return withContext(ledger, largest);
    },
};
