import { errorCodeOf, every } from '@ocm/runtime';
import type { ReplicationStatus } from '@ocm/sdk/http';
import type { Clock, HealthPort, NodeLog, TopologyPort } from '../ports.js';
import type { OrderClient, OrderState } from './order-client.js';
import { planCopies } from './plan-copies.js';
import type { ReplicationConfig, ReplicationRule } from './replication-config.js';

export interface ReplicatorOptions {
    config: ReplicationConfig;
    /** Base58 address of the CAST. */
    self: string;
    topology: TopologyPort;
    health: Pick<HealthPort, 'isHealthy'>;
    client: OrderClient;
    /** By which claims are in force. */
    nowMs: Clock;
    log: NodeLog;
}
/** One rule's objects at one node. */
interface Copy {
    job: string | null;
    state: OrderState | 'ordered' | 'unreachable';
    changedAtMs: number;
}

/** Keeps chosen content in each region's nodes: orders it there, sees that it came, and orders it where nodes took over. */
export class Replicator {
    readonly #options: ReplicatorOptions;
    readonly #copies = new Map<string, Copy>();
    readonly #stop = new AbortController();
    #loop: Promise<void> = Promise.resolve();
    #planned: ReturnType<typeof planCopies> = [];

    constructor(options: ReplicatorOptions) {
        this.#options = options;
    }

    start(): void {
        const { config, log } = this.#options;
        const run = (): Promise<void> => this.pass();
        this.#loop = every({ name: 'replication', run, signal: this.#stop.signal, log, intervalMs: config.intervalMs });
    }

    /** Looks once who has to hold what, and what became of earlier orders. */
    async pass(): Promise<void> {
        const { config, self, topology, health, nowMs } = this.#options;
        const view = topology.current();
        if (view === null) return;
        const reachable = new Set(config.nodes.map(({ node }) => node));
        const isAble = (node: string): boolean => reachable.has(node) && health.isHealthy(node);
        this.#planned = planCopies({ rules: config.rules, view, self, isAble, nowMs: nowMs() });
        const wanted = new Map<string, { rule: ReplicationRule; node: string }>();
        for (const { rule: name, nodes } of this.#planned) {
            const rule = config.rules.find((one) => one.name === name);
            if (rule !== undefined) for (const node of nodes) wanted.set(keyOf(name, node), { rule, node });
        }
        for (const key of this.#copies.keys()) if (!wanted.has(key)) this.#copies.delete(key);
        await Promise.all([...wanted].map(([key, { rule, node }]) => this.#tend(key, rule, node)));
    }

    status(): ReplicationStatus {
        return {
            rules: this.#planned.map(({ rule, region, nodes, missing }) => ({
                rule,
                region,
                missing,
                copies: nodes.map((node) => {
                    const { state = 'ordered', changedAtMs = 0 } = this.#copies.get(keyOf(rule, node)) ?? {};
                    return { node, state, changedAtMs };
                }),
            })),
        };
    }

    async close(): Promise<void> {
        this.#stop.abort();
        await this.#loop;
    }

    async #tend(key: string, rule: ReplicationRule, node: string): Promise<void> {
        const { client, config, nowMs, log } = this.#options;
        const known = this.#copies.get(key);
        try {
            if (known?.job != null && (known.state === 'ordered' || known.state === 'running')) {
                const state = await client.stateOf(node, known.job, this.#stop.signal);
                if (state !== known.state) this.#note(key, { job: known.job, state });
                return;
            }
            const isHeld = known?.state === 'done' && nowMs() - known.changedAtMs < config.refreshSecs * 1_000;
            if (isHeld) return;
            const { urls, collections } = rule;
            this.#note(key, {
                job: await client.order(node, { urls, collections }, this.#stop.signal),
                state: 'ordered',
            });
        } catch (error) {
            if (this.#stop.signal.aborted) return;
            // Told once: the next pass tries again.
            if (known?.state !== 'unreachable') {
                log.warn({ node, rule: rule.name, code: errorCodeOf(error) }, 'node took no order, trying again');
            }
            this.#note(key, { job: null, state: 'unreachable' });
        }
    }

    #note(key: string, copy: Omit<Copy, 'changedAtMs'>): void {
        this.#copies.set(key, { ...copy, changedAtMs: this.#options.nowMs() });
    }
}

const keyOf = (rule: string, node: string): string => `${rule} ${node}`;
