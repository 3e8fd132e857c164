import type { RpcProxy } from './rpc-proxy.js';

export type Listed = { signature: string; slot: number; confirmationStatus: string; err: unknown }[];
export type Account = { data: unknown } | null;
export type Answer = { context: { slot: number }; value: Account[] };

export interface Fork {
    readonly signature: string;
    /** What the transaction wrote, and how it was before. */
    readonly account: string;
    readonly before: Account;
}

/** The cluster as it was before the last transaction, with that one confirmed and not final, or not at all. */
export function forkAt(
    proxy: RpcProxy,
    { signature: fork, account, before, served }: Fork & { served: boolean },
): void {
    proxy.meddle = ({ method, params }) => {
        switch (method) {
            case 'getSignaturesForAddress':
                return (result) =>
                    (result as Listed).flatMap((entry) => {
                        if (entry.signature !== fork) return [entry];
                        return served ? [{ ...entry, confirmationStatus: 'confirmed' }] : [];
                    });
            case 'getSignatureStatuses':
                return (result) => {
                    const { context, value } = result as { context: object; value: unknown[] };
                    const asked = params[0] as string[];
                    return {
                        context,
                        value: value.map((status, place) => (asked[place] === fork && !served ? null : status)),
                    };
                };
            case 'getMultipleAccounts':
                return (result) => {
                    const { context, value } = result as Answer;
                    const asked = params[0] as string[];
                    const was = (place: number) => !served && asked[place] === account;
                    return { context, value: value.map((account, place) => (was(place) ? before : account)) };
                };
            default:
                return undefined;
        }
    };
}

type Fetched = { slot: number; meta: object };

/** The cluster on which one transaction came into another slot, with the outcome that it had there. */
export function moveTo(
    proxy: RpcProxy,
    moved: string,
    { by, status, err }: { by: number; status: string; err: unknown },
): void {
    proxy.meddle = ({ method, params }) => {
        if (method === 'getSignaturesForAddress')
            return (result) =>
                (result as Listed).map((entry) =>
                    entry.signature === moved
                        ? { ...entry, slot: entry.slot + by, confirmationStatus: status, err }
                        : entry,
                );
        if (method === 'getTransaction' && params[0] === moved)
            return (result) => {
                const { slot, meta, ...rest } = result as Fetched;
                return { ...rest, slot: slot + by, meta: { ...meta, err } };
            };
        return undefined;
    };
}
