import type { Ledger } from '../ledger/ledger.js';
import { assertMinContextSlot } from './params.js';

/** The version every answer carries: that of the runtime inside LiteSVM, marked as what it is. */
export const CLUSTER_VERSION = '4.2.0-simulated';

export interface RpcContext {
    readonly ledger: Ledger;
}

export type RpcMethod = (params: readonly unknown[], context: RpcContext) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;

export interface WithContext<Value> {
    readonly context: { readonly apiVersion: string; readonly slot: bigint };
    readonly value: Value;
}

/** Wraps a value with the slot it was read at. */
export function withContext<Value>(ledger: Ledger, value: Value): WithContext<Value> {
    return { context: { apiVersion: CLUSTER_VERSION, slot: ledger.clock.slot }, value };
}

/** Checks `minContextSlot` of a request's configuration. */
export function assertContext(
    ledger: Ledger,
    config: { minContextSlot?: number | null | undefined } | null | undefined,
): void {
    assertMinContextSlot(config?.minContextSlot, ledger.clock.slot);
}
