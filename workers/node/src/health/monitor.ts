import { sleep } from '@ocm/runtime';
import type { Clock, HealthPort, NodeHealth, NodeLog } from '../ports.js';
import type { Maintenance } from './maintenance.js';
import { ObservationLog } from './observations.js';
import { type HealthState, type Outcome, PeerState } from './peer-state.js';
import { type Peer, type ProbeResult, probe } from './probe.js';
import type { Identity } from './statement.js';

/** Weight of the newest round trip, as TCP smooths it (RFC 6298). */
const RTT_GAIN = 1 / 8;

export interface HealthOptions {
    /** Base58 address of this node. */
    node: string;
    identity: Identity | null;
    /** Peers to watch, asked anew before each round. */
    peers: () => readonly Peer[];
    maintenance: Pick<Maintenance, 'includes'>;
    /** Test clusters only: private and loopback addresses may be asked. */
    allowsPrivate: () => boolean;
    intervalMs: number;
    timeoutMs: number;
    now: Clock;
    log: NodeLog;
}
interface Watched {
    state: PeerState;
    told: HealthState;
    rttMs: number | null;
    egressKilobitsPerSecond: number | null;
    publicUrl: string | null;
}

/** Asks peers how they are, round after round, and says who takes viewers. */
export class HealthMonitor implements HealthPort {
    readonly observations: ObservationLog;
    readonly #options: HealthOptions;
    readonly #watched = new Map<string, Watched>();
    #snapshotId = 0;
    readonly #stop = new AbortController();
    readonly #loop: Promise<void>;
    /** Resolves when each peer known at the start has answered or timed out once: before, a router knows of no RELAY. */
    readonly firstRound: Promise<void>;

    constructor(options: HealthOptions) {
        this.#options = options;
        this.observations = new ObservationLog(options.identity);
        this.firstRound = this.probe();
        this.#loop = this.#run();
    }

    isHealthy(node: string): boolean {
        return this.observe(node)?.healthy ?? false;
    }

    observe(node: string): NodeHealth | undefined {
        const watched = this.#watched.get(node);
        if (watched === undefined) return undefined;
        const nowMs = this.#options.now();
        const { state } = watched;
        return {
            healthy: state.takesViewers(nowMs) || state.at(nowMs) === 'draining',
            draining: state.at(nowMs) === 'draining' || this.#options.maintenance.includes(node),
            loadKilobitsPerSecond: watched.egressKilobitsPerSecond,
            latencyMs: watched.rttMs === null ? null : Math.round(watched.rttMs),
            publicUrl: watched.publicUrl,
        };
    }

    snapshotId(): number {
        return this.#snapshotId;
    }

    stateOf(node: string): HealthState | null {
        return this.#watched.get(node)?.state.at(this.#options.now()) ?? null;
    }

    /** One round over all peers. */
    async probe(): Promise<void> {
        const peers = this.#options.peers();
        const known = new Set(peers.map(({ node }) => node));
        for (const node of this.#watched.keys()) if (!known.has(node)) this.#watched.delete(node);
        await Promise.all(
            peers.map(async (peer) => {
                const result = await probe(peer, this.#options, this.#stop.signal);
                if (!this.#stop.signal.aborted) this.#note(peer.node, result);
            }),
        );
    }

    async close(): Promise<void> {
        this.#stop.abort();
        await this.#loop;
    }

    async #run(): Promise<void> {
        const { signal } = this.#stop;
        await this.firstRound;
        while (!signal.aborted) {
            await sleep(this.#options.intervalMs, signal).catch(() => undefined);
            if (!signal.aborted) await this.probe();
        }
    }

    #note(node: string, result: ProbeResult): void {
        const nowMs = this.#options.now();
        const watched = this.#watched.get(node) ?? create();
        this.#watched.set(node, watched);
        this.#snapshotId += 1;
        if (result.kind === 'answered') {
            const { statement, rttMs, signed } = result;
            watched.rttMs = watched.rttMs === null ? rttMs : watched.rttMs + RTT_GAIN * (rttMs - watched.rttMs);
            watched.egressKilobitsPerSecond = statement.egressKilobitsPerSecond;
            // Whoever changes an unsigned word on its way would lead viewers to a host of his.
            watched.publicUrl = signed ? statement.publicUrl : null;
        }
        const state = watched.state.observe(outcomeOf(result), nowMs);
        if (state === watched.told) return;
        this.#tell(node, watched, state, result, nowMs);
        watched.told = state;
    }

    #tell(peer: string, { told, rttMs }: Watched, to: HealthState, result: ProbeResult, atMs: number): void {
        const why = result.kind === 'failed' ? result.why : result.statement.reason;
        const signedByPeer = result.kind === 'answered' && result.signed;
        const rounded = rttMs === null ? null : Math.round(rttMs);
        this.observations.add({
            observer: this.#options.node,
            peer,
            atMs,
            from: told,
            to,
            why,
            signedByPeer,
            rttMs: rounded,
        });
        this.#options.log.info({ peer, from: told, to, why }, 'peer health changed');
    }
}

function outcomeOf(result: ProbeResult): Outcome {
    if (result.kind === 'failed') return 'fails';
    return result.statement.acceptsViewers ? 'accepts' : 'refuses';
}

const create = (): Watched => ({
    state: new PeerState(),
    told: 'unknown',
    rttMs: null,
    egressKilobitsPerSecond: null,
    publicUrl: null,
});
