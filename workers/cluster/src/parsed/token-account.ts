import { readAddress, TOKEN_PROGRAM, viewOf } from '../ledger/addresses.js';
import type { Svm } from '../ledger/svm.js';
import {
    amountOf,
    decimalsOfMint,
    delegateOf,
    formatTokenAmount,
    mintOf,
    ownerOf,
    supplyOf,
    tokenAccountKind,
} from '../ledger/token-accounts.js';
import type { AccountView } from '../types.js';
import { parseExtensions } from './token-extensions.js';

const ACCOUNT_STATES = ['uninitialized', 'initialized', 'frozen'] as const;

/** A COption<Pubkey>: 4-byte tag, then the address. */
function optionalAddress(data: Uint8Array, offset: number): string | null {
    return viewOf(data).getUint32(offset, true) === 1 ? readAddress(data, offset + 4) : null;
}

function parseMint(data: Uint8Array): object {
    return {
        decimals: data[44],
        freezeAuthority: optionalAddress(data, 46),
        isInitialized: data[45] === 1,
        mintAuthority: optionalAddress(data, 0),
        supply: supplyOf(data).toString(),
    };
}

function parseHolding(data: Uint8Array, decimals: number): object {
    const delegate = delegateOf(data);
    const closeAuthority = optionalAddress(data, 129);
    const isNative = viewOf(data).getUint32(109, true) === 1;
    const reserve = isNative
        ? { rentExemptReserve: formatTokenAmount(viewOf(data).getBigUint64(113, true), decimals) }
        : {};
    return {
        isNative,
        mint: mintOf(data),
        owner: ownerOf(data),
        state: ACCOUNT_STATES[data[108] ?? 0],
        tokenAmount: formatTokenAmount(amountOf(data), decimals),
        ...(delegate === undefined
            ? {}
            : { delegate: delegate.delegate, delegatedAmount: formatTokenAmount(delegate.amount, decimals) }),
        ...(closeAuthority === null ? {} : { closeAuthority }),
        ...reserve,
    };
}

function parseMultisig(data: Uint8Array): object {
    const signers: string[] = [];
    for (let index = 0; index < (data[1] ?? 0) && index < 11; index++) signers.push(readAddress(data, 3 + index * 32));
    return { isInitialized: data[2] === 1, numRequiredSigners: data[0], numValidSigners: data[1], signers };
}

export function parseTokenAccount(svm: Svm, account: AccountView): { program: string; parsed: object } | undefined {
    const kind = tokenAccountKind(account);
    if (kind === undefined) return undefined;
    const program = account.owner === TOKEN_PROGRAM ? 'spl-token' : 'spl-token-2022';
    if (kind === 'multisig') return { program, parsed: { info: parseMultisig(account.data), type: 'multisig' } };
    const extensions = parseExtensions(account.data);
    const tail = extensions.length === 0 ? {} : { extensions };
    if (kind === 'mint') return { program, parsed: { info: { ...parseMint(account.data), ...tail }, type: 'mint' } };
    const decimals = decimalsOfMint(svm, mintOf(account.data));
    if (decimals === undefined) return undefined;
    return { program, parsed: { info: { ...parseHolding(account.data, decimals), ...tail }, type: 'account' } };
}
