import { RawJson, stringifyJson } from '../json.js';
import { SYSTEM_PROGRAM } from '../ledger/addresses.js';
import type { Ledger } from '../ledger/ledger.js';
import { encodeAccount } from '../rpc/account-encoding.js';
import { withContext } from '../rpc/context.js';
import { INTERNAL_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, RpcError } from '../rpc/errors.js';
import type { AccountConfig } from '../rpc/params.js';
import type { AccountView, ExecutedTransaction } from '../types.js';
import { parseTopic, type Sink, type Subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

/** What a subscriber of an account is told once the account is gone. */
const CLOSED_ACCOUNT: AccountView = {
    lamports: 0n,
    data: new Uint8Array(),
    owner: SYSTEM_PROGRAM,
    executable: false,
    rentEpoch: 0n,
};

const SUBSCRIBE = /^([a-z]+)(Subscribe|Unsubscribe)$/;

function notify(subscription: Subscription, result: unknown): void {
    const method = `${subscription.kind}Notification`;
    subscription.sink.send(
        stringifyJson({ jsonrpc: '2.0', method, params: { result, subscription: subscription.id } }),
    );
}

/**
 * Subscriptions over the ledger. Changes are gathered and told after the requests at hand were answered, so that a
 * sender learns its signature before the notification, and an account changed ten times in a row is told of once.
 */
export class SubscriptionHub {
    private readonly registry = new SubscriptionRegistry();
    private readonly changedAccounts = new Set<string>();
    private landed: ExecutedTransaction[] = [];
    private scheduled: NodeJS.Immediate | undefined;
    private readonly stopListening: () => void;

    constructor(private readonly ledger: Ledger) {
        this.stopListening = ledger.listen({
            onSlot: (slot) => this.tellSlot(slot),
            onTransaction: (transaction) => {
                if (this.registry.size === 0) return;
                this.landed.push(transaction);
                this.schedule();
            },
            onAccounts: (addresses) => {
                if (this.registry.size === 0) return;
                for (const address of addresses) this.changedAccounts.add(address);
                this.schedule();
            },
        });
    }

    get subscriptions(): number {
        return this.registry.size;
    }

    close(): void {
        this.stopListening();
        if (this.scheduled !== undefined) clearImmediate(this.scheduled);
    }

    /** Forgets a connection. */
    disconnect(sink: Sink): void {
        this.registry.removeAll(sink);
    }

    /** Answers one message of a connection; undefined if it wants no answer. */
    handleText(sink: Sink, text: string): string | undefined {
        let request: unknown;
        try {
            request = JSON.parse(text);
        } catch {
            return stringifyJson({ error: { code: PARSE_ERROR, message: 'Parse error' }, id: null, jsonrpc: '2.0' });
        }
        return this.answer(sink, request);
    }

    private answer(sink: Sink, request: unknown): string | undefined {
        const fields = (typeof request === 'object' && request !== null ? request : {}) as Record<string, unknown>;
        const { id, method, params = [] } = fields;
        // web3.js keeps its connection alive by a "ping" notification; notifications get no answer.
        if (id === undefined && typeof method === 'string') return undefined;
        let after: (() => void) | undefined;
        let body: object;
        try {
            if (typeof method !== 'string' || !Array.isArray(params)) {
                throw new RpcError(INVALID_REQUEST, 'Invalid request');
            }
            const [result, then] = this.call(sink, method, params);
            after = then;
            body = { result };
        } catch (error) {
            const code = error instanceof RpcError ? error.code : INTERNAL_ERROR;
            body = { error: { code, message: error instanceof Error ? error.message : 'Internal error' } };
        }
        if (after !== undefined) setImmediate(after);
        const isId = typeof id === 'string' || typeof id === 'number';
        return stringifyJson({ ...body, id: isId ? id : null, jsonrpc: '2.0' });
    }

    private call(sink: Sink, method: string, params: unknown[]): [unknown, (() => void)?] {
        const [, kind, verb] = SUBSCRIBE.exec(method) ?? [];
        if (kind === undefined) throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
        if (verb === 'Unsubscribe') return [this.registry.remove(sink, kind, params[0])];
        const subscription = this.registry.add(sink, parseTopic(kind, params));
        const known = subscription.kind === 'signature' ? this.ledger.history.get(subscription.key) : undefined;
        return known === undefined ? [subscription.id] : [subscription.id, () => this.tellSignature(known)];
    }

    private schedule(): void {
        this.scheduled ??= setImmediate(() => {
            this.scheduled = undefined;
            this.flush();
        });
    }

    private flush(): void {
        const landed = this.landed;
        const changed = [...this.changedAccounts];
        this.landed = [];
        this.changedAccounts.clear();
        for (const transaction of landed) {
            this.tellLogs(transaction);
            this.tellSignature(transaction);
        }
        for (const address of changed) this.tellAccount(address);
    }

    private tellSlot(slot: bigint): void {
        for (const subscription of this.registry.find('slot', 'all')) {
            notify(subscription, { parent: slot - 1n, root: slot - 1n, slot });
        }
        for (const subscription of this.registry.find('root', 'all')) notify(subscription, slot - 1n);
    }

    private tellSignature(transaction: ExecutedTransaction): void {
        for (const subscription of this.registry.find('signature', transaction.signatures[0] ?? '')) {
            if (subscription.wantsReceived) notify(subscription, withContext(this.ledger, 'receivedSignature'));
            notify(subscription, withContext(this.ledger, { err: transaction.err }));
            this.registry.drop(subscription);
        }
    }

    private tellLogs(transaction: ExecutedTransaction): void {
        const { err, logs } = transaction;
        const concerned = this.registry.find('logs', 'all');
        for (const key of new Set(transaction.accountKeys)) concerned.push(...this.registry.find('logs', key));
        if (concerned.length === 0) return;
        const value = { err, logs, signature: transaction.signatures[0] };
        const result = new RawJson(stringifyJson(withContext(this.ledger, value)));
        for (const subscription of concerned) notify(subscription, result);
    }

    private tellAccount(address: string): void {
        const watchers = this.registry.find('account', address);
        const account = this.ledger.getAccount(address);
        const ownerWatchers = account === undefined ? [] : this.registry.find('program', account.owner);
        if (watchers.length === 0 && ownerWatchers.length === 0) return;
        // Many watch with the same few settings: the account is encoded once for each.
        const encoded = new Map<string, RawJson>();
        const encode = (config: AccountConfig): RawJson => {
            const key = `${config?.encoding ?? ''}:${config?.dataSlice?.offset ?? ''}:${config?.dataSlice?.length ?? ''}`;
            const text =
                encoded.get(key) ??
                new RawJson(stringifyJson(this.encodeOrExplain(account ?? CLOSED_ACCOUNT, config, address)));
            encoded.set(key, text);
            return text;
        };
        for (const subscription of watchers)
            notify(subscription, withContext(this.ledger, encode(subscription.config)));
        for (const subscription of ownerWatchers) {
            if (account === undefined || !subscription.matches(account)) continue;
            notify(subscription, withContext(this.ledger, { account: encode(subscription.config), pubkey: address }));
        }
    }

    /** An account grown too large for base58 has no such form any more; its subscriber gets base64 instead of silence. */
    private encodeOrExplain(account: AccountView, config: AccountConfig, address: string): unknown {
        try {
            return encodeAccount(this.ledger.runtime, account, config, address);
        } catch (error) {
            if (!(error instanceof RpcError)) throw error;
            return encodeAccount(this.ledger.runtime, account, { ...config, encoding: 'base64' }, address);
        }
    }
}
