import { setMaxListeners } from 'node:events';
import { errorMessageOf, failure, retry } from '@ocm/runtime';
import { type Connection, PublicKey } from '@solana/web3.js';
import type { Chain } from '../ports.js';

/** A call is asked again this often, with growing pauses, before the pass ends; the next pass begins where it ended. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
/** `getSignatureStatuses` takes at most this many. */
const STATUSES_PER_CALL = 256;
/** Characters of a foreign message that are repeated. */
const MAX_QUOTED = 300;
/** More than there are requests at once. */
const MAX_LISTENERS = 64;

/** The chain as the indexer reads it. Asking is repeated: it changes nothing. */
export function createChain(connection: Connection, signal: AbortSignal): Chain {
    // Each request that is under way listens.
    setMaxListeners(MAX_LISTENERS, signal);
    const ask = <T>(call: () => Promise<T>): Promise<T> =>
        retry(() => orAbort(call(), signal), {
            attempts: ATTEMPTS,
            baseMs: FIRST_PAUSE_MS,
            maxMs: MAX_PAUSE_MS,
            signal,
        }).catch((error: unknown) => {
            signal.throwIfAborted();
            throw toFailure(error);
        });
    return {
        genesisHash: () => ask(() => connection.getGenesisHash()),
        slot: (commitment) => ask(() => connection.getSlot(commitment)),
        listSignatures: async (program, { before, until, limit }) => {
            const options = { limit, ...(before ? { before } : {}), ...(until ? { until } : {}) };
            const found = await ask(() => connection.getSignaturesForAddress(program, options, 'confirmed'));
            return found.map(({ signature, slot, blockTime, err, confirmationStatus }) => ({
                signature,
                slot,
                blockTime: blockTime ?? null,
                failed: err !== null,
                final: confirmationStatus === 'finalized',
            }));
        },
        fetchTransaction: (signature) =>
            ask(() =>
                connection.getTransaction(signature, { commitment: 'confirmed', maxSupportedTransactionVersion: 0 }),
            ),
        findKnown: async (signatures) => {
            const known = new Set<string>();
            let slot = Number.MAX_SAFE_INTEGER;
            for (let from = 0; from < signatures.length; from += STATUSES_PER_CALL) {
                const part = signatures.slice(from, from + STATUSES_PER_CALL);
                const { context, value } = await ask(() =>
                    connection.getSignatureStatuses(part, { searchTransactionHistory: true }),
                );
                slot = Math.min(slot, context.slot);
                for (const [place, signature] of part.entries()) if (value[place] != null) known.add(signature);
            }
            return { slot, known };
        },
        listAddresses: async (program) => {
            // No data: the list of a large market is long enough without it.
            const options = { commitment: 'confirmed', dataSlice: { offset: 0, length: 0 } } as const;
            const found = await ask(() => connection.getProgramAccounts(program, options));
            return found.map(({ pubkey }) => pubkey.toBase58());
        },
        readAccounts: async (addresses, minSlot) => {
            const keys = addresses.map((address) => new PublicKey(address));
            const { context, value } = await ask(() =>
                connection.getMultipleAccountsInfoAndContext(keys, {
                    commitment: 'confirmed',
                    minContextSlot: minSlot,
                }),
            );
            const accounts = addresses.map((address, place) => {
                const account = value[place];
                if (account == null) return null;
                return { address, owner: account.owner, data: account.data, lamports: BigInt(account.lamports) };
            });
            return { slot: context.slot, accounts };
        },
    };
}

/** A request that hangs must not keep a process that is to stop. */
function orAbort<T>(request: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
        const onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        request.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
}

/** web3.js tells "429" and the errors of the node in the text of its own: whatever it is, the cluster's RPC said it. */
function toFailure(error: unknown): unknown {
    if (typeof Reflect.get(Object(error), 'code') === 'string') return error;
    return failure(
        'MKT_INDEXER__RPC_REFUSED',
        `the cluster's RPC refused a request (${errorMessageOf(error).slice(0, MAX_QUOTED)}); check rpcUrl and its rate limit`,
        {},
        error,
    );
}
