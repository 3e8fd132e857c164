import type { BeaconAccount } from './topology/beacon-account.js';
import type { ContractView, TopologyView } from './topology/view.js';

/** What the node knows of the chain; null before the first successful read of a node that never ran. */
export interface TopologyPort {
    current(): TopologyView | null;
    /** Asks the chain itself for one contract, whoever its seller is; null: no such account. Throws if it cannot be read. */
    findContract?: ((address: string) => Promise<ContractView | null>) | undefined;
    /** The same for a BEACON by the address of its account. */
    findBeacon?: ((address: string) => Promise<BeaconAccount | null>) | undefined;
    /** Ends polling. */
    close(): Promise<void>;
}

/** What was last seen of a node. Never changed: another observation is another object. */
export interface NodeHealth {
    readonly healthy: boolean;
    /** It asks for no new viewers. */
    readonly draining: boolean;
    /** null where it was not told. */
    readonly loadKilobitsPerSecond: number | null;
    readonly latencyMs: number | null;
    /** Origin at which viewers reach it by https, as it has signed; null where it has said none. */
    readonly publicUrl?: string | null | undefined;
    /** The viewer asks by https, and the node cannot be reached so. */
    readonly lacksHttps?: boolean | undefined;
}

/** Whether a peer answers its status path. */
export interface HealthPort {
    /** Whether viewers may be sent to a peer. */
    isHealthy(node: string): boolean;
    /** More of it, where the port knows more; undefined for a node that it does not watch. */
    observe?(node: string): NodeHealth | undefined;
    /** Number of the state of all observations; another one after any of them has changed. */
    snapshotId?(): number;
    /** Resolves when every peer known at the start has been asked once. */
    firstRound?: Promise<void>;
    close(): Promise<void>;
}

/** Unix milliseconds of this machine: for what happens between a client and this node, and for stamps of what happened here. */
export type Clock = () => number;

export interface ProtocolClockState {
    /** The cluster's clock minus this machine's. */
    offsetMs: number;
    /** Local clock of the last reading; null before the first. */
    readAtMs: number | null;
    /** False: the last reading was too far off to be followed. */
    isTrusted: boolean;
}
/** The time by which everything is judged that a program will judge too: tokens, epochs, contracts, claims, seals. */
export interface ProtocolClock {
    /** Unix milliseconds of the cluster. */
    nowMs(): number;
    state(): ProtocolClockState;
}

/** Structured log of the process: constant message, variables as fields. */
export interface NodeLog {
    debug(fields: object, message: string): void;
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
}
