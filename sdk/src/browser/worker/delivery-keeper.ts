import { isMarketplaceError } from '../../core/error.js';
import { reportError } from '../../viewer/sessions/report.js';
import type { SessionKeeper } from '../../viewer/sessions/session-keeper.js';
import type { SignedSession } from '../../viewer/sessions/signed-session.js';
import type { ReceiptConfig } from '../config.js';
import { locate, type Route } from './locate.js';
import type { WorkerPorts } from './ports.js';

/** Playback never waits longer for router, provider and node together; what is not ready by then is done without. */
const SETUP_WAIT_MS = 3_000;
const NODE_ROUTE_MS = 60_000;
const TRADITIONAL_ROUTE_MS = 10_000;
/** A node that failed is not asked again at once, even if the router has not noticed yet; longer with every failure. */
const FIRST_AVOID_MS = 2_000;
const LONGEST_AVOID_MS = 60_000;
const ROUTER_PAUSE_MS = 5_000;

export type NodeSource = { kind: 'node'; node: string; nodeUrl: string; session: SignedSession | null };
export type Source = NodeSource | { kind: 'traditional' };

/** Knows where media comes from now. Never throws: what cannot be had is reported, and done without. */
export class DeliveryKeeper {
    readonly #ports: WorkerPorts;
    readonly #config: ReceiptConfig;
    readonly #sessions: SessionKeeper;
    #route: Route | null = null;
    #routeUntilMs = 0;
    #reported: string | undefined;
    #failedNode: { nodeUrl: string; untilMs: number } | null = null;
    #avoidMs = FIRST_AVOID_MS;
    #preparing: Promise<Source> | null = null;

    constructor(ports: WorkerPorts, config: ReceiptConfig, sessions: SessionKeeper) {
        this.#ports = ports;
        this.#config = config;
        this.#sessions = sessions;
    }

    source(): Promise<Source> {
        this.#preparing ??= this.#prepare().finally(() => {
            this.#preparing = null;
        });
        const late = this.#ports.sleep(SETUP_WAIT_MS).then((): Source => {
            const route = this.#route;
            return route?.kind === 'node' ? { ...route, session: null } : { kind: 'traditional' };
        });
        return Promise.race([this.#preparing, late]);
    }

    /** For a page that has just come: told where media comes from and which session is open, though that is no news here. */
    async greet(): Promise<void> {
        this.#reported = undefined;
        const source = await this.source();
        if (source.kind === 'node') source.session?.tell();
    }

    /** No answer, or one that broke off: the router is asked for another node. */
    nodeFailed(nodeUrl: string, session: SignedSession | null): void {
        session?.recordError();
        session?.closeConnection();
        this.#failedNode = { nodeUrl, untilMs: this.#ports.now() + this.#avoidMs };
        this.#avoidMs = Math.min(2 * this.#avoidMs, LONGEST_AVOID_MS);
        this.#routeUntilMs = 0;
    }

    nodeServed(): void {
        this.#avoidMs = FIRST_AVOID_MS;
    }

    async #prepare(): Promise<Source> {
        const route = await this.#locate();
        this.#tell(route);
        if (route.kind === 'traditional') return route;
        return { ...route, session: await this.#sessions.sessionFor(route) };
    }

    async #locate(): Promise<Route> {
        const { now } = this.#ports;
        if (this.#route !== null && now() < this.#routeUntilMs) return this.#route;
        try {
            this.#route = await locate(this.#ports, this.#config);
            this.#routeUntilMs = now() + (this.#route.kind === 'node' ? NODE_ROUTE_MS : TRADITIONAL_ROUTE_MS);
        } catch (error) {
            reportError(this.#ports, error, isMarketplaceError(error) ? 'unsigned' : 'error');
            this.#route = { kind: 'traditional' };
            this.#routeUntilMs = now() + ROUTER_PAUSE_MS;
        }
        const failed = this.#failedNode;
        if (failed === null || now() >= failed.untilMs) return this.#route;
        if (this.#route.kind === 'traditional' || this.#route.nodeUrl !== failed.nodeUrl) return this.#route;
        this.#route = { kind: 'traditional' };
        this.#routeUntilMs = failed.untilMs;
        return this.#route;
    }

    #tell(route: Route): void {
        const [node, url] = route.kind === 'node' ? [route.node, route.nodeUrl] : [null, this.#config.contentUrl];
        if (this.#reported === url) return;
        this.#reported = url;
        this.#ports.report({ type: 'located', node, url });
    }
}
