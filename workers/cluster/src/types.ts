/** An account as the runtime holds it. `data` must not be changed by who reads it. */
export interface AccountView {
    readonly lamports: bigint;
    readonly data: Uint8Array;
    /** Base58 address of the owning program. */
    readonly owner: string;
    readonly executable: boolean;
    readonly rentEpoch: bigint;
}

/** A transaction error as JSON-RPC spells it: `"AccountNotFound"` or `{ "InstructionError": [0, { "Custom": 1 }] }`. */
export type TransactionErrorJson = string | { readonly [kind: string]: unknown };

export interface InnerInstructionView {
    readonly programIdIndex: number;
    readonly accounts: readonly number[];
    /** Kept as bytes: base58 takes quadratic time and most are never asked for. */
    readonly data: Uint8Array;
    readonly stackHeight: number;
}

export interface InnerInstructionSet {
    readonly index: number;
    readonly instructions: readonly InnerInstructionView[];
}

export interface ReturnDataView {
    readonly programId: string;
    readonly data: readonly [string, 'base64'];
}

export interface LoadedAddresses {
    readonly writable: readonly string[];
    readonly readonly: readonly string[];
}

export interface TokenAmountView {
    readonly amount: string;
    readonly decimals: number;
    readonly uiAmount: number | null;
    readonly uiAmountString: string;
}

export interface TokenBalanceView {
    readonly accountIndex: number;
    readonly mint: string;
    readonly owner: string;
    readonly programId: string;
    readonly uiTokenAmount: TokenAmountView;
}

/** One transaction that landed, whether it succeeded or not, with all that `getTransaction` tells of it. */
export interface ExecutedTransaction {
    /** Place in the order of all transactions of this cluster, from 0. */
    readonly sequence: number;
    readonly slot: bigint;
    /** Place among the transactions of its slot. */
    readonly indexInSlot: number;
    /** Unix seconds. */
    readonly blockTime: bigint;
    readonly signatures: readonly string[];
    readonly wire: Uint8Array;
    /** Static keys, then keys loaded writable, then keys loaded read-only. */
    readonly accountKeys: readonly string[];
    readonly loadedAddresses: LoadedAddresses;
    readonly err: TransactionErrorJson | null;
    readonly logs: readonly string[];
    readonly computeUnitsConsumed: number;
    /** Lamports that left the accounts of the transaction: what was really charged. */
    readonly fee: bigint;
    readonly preBalances: readonly bigint[];
    readonly postBalances: readonly bigint[];
    readonly preTokenBalances: readonly TokenBalanceView[];
    readonly postTokenBalances: readonly TokenBalanceView[];
    readonly innerInstructions: readonly InnerInstructionSet[];
    readonly returnData: ReturnDataView | null;
    readonly memo: string | null;
    /** Micro-lamports per compute unit the sender offered. */
    readonly computeUnitPrice: bigint;
}
