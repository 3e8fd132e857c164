import { MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_CONNECTION } from '../limits.js';
import { INTERNAL_ERROR, RpcError } from '../rpc/errors.js';
import type { Sink, Subscription, SubscriptionKind, SubscriptionTopic } from './subscription.js';

type OfKind<Kind extends SubscriptionKind> = Extract<Subscription, { kind: Kind }>;

/** All subscriptions, found by what they watch: an update must not walk through those it does not concern. */
export class SubscriptionRegistry {
    private readonly byId = new Map<number, Subscription>();
    private readonly byTopic = new Map<string, Set<Subscription>>();
    private readonly bySink = new Map<Sink, Set<Subscription>>();
    private nextId = 1;

    add(sink: Sink, topic: SubscriptionTopic): Subscription {
        const own = this.bySink.get(sink) ?? new Set();
        if (own.size >= MAX_SUBSCRIPTIONS_PER_CONNECTION || this.byId.size >= MAX_SUBSCRIPTIONS) {
            throw new RpcError(
                INTERNAL_ERROR,
                `too many subscriptions: ${MAX_SUBSCRIPTIONS_PER_CONNECTION} per connection, ${MAX_SUBSCRIPTIONS} in all; unsubscribe some`,
            );
        }
        const subscription: Subscription = { ...topic, id: this.nextId++, sink };
        this.byId.set(subscription.id, subscription);
        this.bySink.set(sink, own.add(subscription));
        const name = `${topic.kind}:${topic.key}`;
        this.byTopic.set(name, (this.byTopic.get(name) ?? new Set()).add(subscription));
        return subscription;
    }

    /** Whether there was one of that kind, on that connection. */
    remove(sink: Sink, kind: string, id: unknown): boolean {
        const subscription = typeof id === 'number' ? this.byId.get(id) : undefined;
        if (subscription === undefined || subscription.sink !== sink || subscription.kind !== kind) return false;
        this.drop(subscription);
        return true;
    }

    removeAll(sink: Sink): void {
        for (const subscription of this.bySink.get(sink) ?? []) this.drop(subscription);
        this.bySink.delete(sink);
    }

    drop(subscription: Subscription): void {
        this.byId.delete(subscription.id);
        const own = this.bySink.get(subscription.sink);
        own?.delete(subscription);
        if (own?.size === 0) this.bySink.delete(subscription.sink);
        const name = `${subscription.kind}:${subscription.key}`;
        const topic = this.byTopic.get(name);
        topic?.delete(subscription);
        if (topic?.size === 0) this.byTopic.delete(name);
    }

    get size(): number {
        return this.byId.size;
    }

    find<Kind extends SubscriptionKind>(kind: Kind, key: string): OfKind<Kind>[] {
        const topic = this.byTopic.get(`${kind}:${key}`);
        return topic === undefined ? [] : ([...topic] as OfKind<Kind>[]);
    }
}
