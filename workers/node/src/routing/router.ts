import type {
    DecisionList,
    DetailedExplanation,
    DeviceRequest,
    DeviceResponse,
    FailureForecast,
    RoutingStatus,
} from '@ocm/sdk/http';
import type { NodeHealth } from '../ports.js';
import { AddressBits } from './address.js';
import { BeaconAccounts } from './beacons/beacon-accounts.js';
import { BeaconDirectory } from './beacons/beacon-directory.js';
import { BeaconStanding } from './beacons/beacon-standing.js';
import { DeviceRegistrar } from './beacons/device-registrar.js';
import { DeviceTokens } from './beacons/device-token.js';
import { decide } from './decision/decide.js';
import type { DecisionContext, RequestFacts } from './decision/decision.js';
import { explainDecision } from './decision/explain.js';
import { DEFAULT_SCORING } from './decision/judge.js';
import { KeyedHash } from './decision/keyed-hash.js';
import { RecentDecisions } from './decision/recent.js';
import { AsnTable } from './geo/asn-table.js';
import { GeoBook } from './geo/geo-book.js';
import type { Asker, RouteAnswer, RouterOptions } from './router-options.js';
import { RuleKeeper } from './rule-keeper.js';
import { forecastFailure } from './simulation/forecast.js';
import { ViewerSample } from './simulation/viewer-sample.js';

const STATUS_CONTRADICTIONS = 20;
const UP: NodeHealth = { healthy: true, draining: false, loadKilobitsPerSecond: null, latencyMs: null };
const DOWN: NodeHealth = { ...UP, healthy: false };

/** Routes by what the chain last told, and explains itself by the same code. */
export class Router {
    readonly #options: RouterOptions;
    readonly #context: DecisionContext;
    readonly #rules: RuleKeeper;
    readonly #accounts: BeaconAccounts;
    readonly #standing: BeaconStanding;
    readonly #registrar: DeviceRegistrar;
    readonly #recent: RecentDecisions;
    readonly #sample = new ViewerSample();
    readonly #bits = new AddressBits();

    /** @throws MKT_NODE__GEO_FILE_INVALID */
    constructor(options: RouterOptions) {
        this.#options = options;
        const { node, topology, health, now, log, operatorSecret, scoring = DEFAULT_SCORING } = options;
        const { maxBeacons: maxRegistered = 0 } = options;
        const table = new AsnTable(options.asnPrefixes);
        const geo = new GeoBook({ files: options.geo ?? [], table, now, log });
        const beacons = new BeaconDirectory(options.beacons, options.sharedPrefixes ?? []);
        const devices = new DeviceTokens(operatorSecret);
        this.#accounts = new BeaconAccounts({ topology, now, log });
        const standing = new BeaconStanding({ beacons, accounts: this.#accounts, maxRegistered, log });
        this.#standing = standing;
        this.#registrar = new DeviceRegistrar({ cast: node, beacons, standing, maxRegistered, devices, now });
        this.#rules = new RuleKeeper({ node, topology, geo, table, log });
        this.#recent = new RecentDecisions(scoring);
        this.#context = {
            index: this.#rules.index,
            beacons,
            devices,
            geo,
            hash: KeyedHash.ofSecret(operatorSecret),
            scoring,
            healthOf: (peer) => health.observe?.(peer) ?? (health.isHealthy(peer) ? UP : DOWN),
            isRegistered: (beacon, nowMs) => this.#registrar.isRegistered(beacon, nowMs),
            refusalOf: (beacon) => standing.refusalOf(beacon),
        };
        this.#rules.follow();
    }

    /**
     * @param address the peer address of the viewer's connection; forwarding headers can be forged and are not used
     * @param pathAndQuery normalised path with the query as received
     */
    route(address: string, pathAndQuery: string, asker: Asker = {}): RouteAnswer {
        this.#rules.follow();
        const decision = decide(this.#context, this.#factsOf(address, asker), this.#bits);
        if (decision.kind !== 'beacon') this.#sample.add(this.#bits, decision);
        this.#recent.add(decision, this.#bits, this.#context.index.version, this.#snapshotId());
        const base = decision.url === '' ? this.#options.traditionalUrl : decision.url;
        return { decision: decision.kind, node: decision.node, location: base + pathAndQuery };
    }

    /** What `route` would answer now, with every candidate and why. Is not kept among the recent decisions. */
    explain(address: string, pathAndQuery: string, asker: Asker = {}): DetailedExplanation {
        this.#rules.follow();
        const bits = new AddressBits();
        const decision = decide(this.#context, this.#factsOf(address, asker), bits, true);
        return explainDecision({
            context: this.#context,
            decision,
            bits,
            address,
            pathAndQuery,
            traditionalUrl: this.#options.traditionalUrl,
            rules: this.#rules.sync,
            healthSnapshot: this.#snapshotId(),
        });
    }

    /** Where the traffic of a node would go if it died now. */
    forecast(without: string): FailureForecast {
        this.#rules.follow();
        return forecastFailure({ context: this.#context, sample: this.#sample, without, nowMs: this.#options.now() });
    }

    /** The last decisions, oldest first, with all that they were made of. */
    recent(): DecisionList {
        return { decisions: this.#recent.export() };
    }

    /** @throws RequestProblem */
    register(request: DeviceRequest, from: string): Promise<DeviceResponse> {
        return this.#registrar.register(request, from);
    }

    status(): RoutingStatus {
        const { index, geo, beacons } = this.#context;
        const books = [this.#standing.contradictions, this.#rules.contradictions];
        const { lookups, failures: lookupFailures } = this.#accounts.counters;
        return {
            tableVersion: index.version,
            healthSnapshot: this.#snapshotId(),
            claims: this.#rules.sync.size,
            prefixes: index.prefixes.size,
            tableBytes: index.bytes,
            geo: [...geo.sources],
            contradictions: books
                .flatMap(({ list }) => list)
                .slice(0, STATUS_CONTRADICTIONS)
                .map((found) => ({ ...found, says: [...found.says] })),
            contradictionCount: books.reduce((sum, { total }) => sum + total, 0),
            beacons: {
                configured: beacons.configured.length,
                registered: this.#registrar.registeredCount(this.#options.now()),
                lookups,
                lookupFailures,
            },
        };
    }

    /** Takes replaced geo files over. */
    refreshGeo(): Promise<void> {
        return this.#rules.refreshGeo();
    }

    /** Resolves when what the chain last told is what is decided by. */
    settled(): Promise<void> {
        return this.#rules.settled();
    }

    async close(): Promise<void> {
        await Promise.all([this.#rules.close(), this.#standing.close()]);
    }

    #factsOf(address: string, { device = '', isExact = true, isSecure = false }: Asker): RequestFacts {
        return { address, device, nowMs: this.#options.now(), isExact, isSecure };
    }

    #snapshotId(): number {
        return this.#options.health.snapshotId?.() ?? 0;
    }
}
