import type { NodeLog, TopologyPort } from '../ports.js';
import type { TopologyView } from '../topology/view.js';
import type { AsnTable } from './geo/asn-table.js';
import { audit, ContradictionBook } from './geo/contradictions.js';
import type { GeoBook } from './geo/geo-book.js';
import { RuleIndex } from './rules/rule-index.js';
import { RuleSync } from './rules/rule-sync.js';
import { Turns } from './turns.js';

export interface RuleKeeperOptions {
    node: string;
    topology: TopologyPort;
    geo: GeoBook;
    table: AsnTable;
    log: NodeLog;
}

/** Keeps rules at what the chain last told and looks for what contradicts itself, in turns between the requests. */
export class RuleKeeper {
    readonly index = new RuleIndex();
    readonly sync: RuleSync;
    readonly #options: RuleKeeperOptions;
    readonly #turns: Turns<TopologyView>;
    #contradictions = new ContradictionBook();
    #followed: TopologyView | null = null;

    constructor(options: RuleKeeperOptions) {
        this.#options = options;
        this.sync = new RuleSync(this.index, options.node);
        this.#turns = new Turns(
            (view) => this.#takeOver(view),
            (error) =>
                options.log.error({ err: error }, 'view of the chain not taken over, going on with the one before'),
        );
    }

    get contradictions(): ContradictionBook {
        return this.#contradictions;
    }

    /** A router without rules would send everybody to the origin, so the first view is taken over at once, others in turns. */
    follow(): void {
        const view = this.#options.topology.current();
        if (view === null || view === this.#followed) return;
        const isFirst = this.#followed === null;
        this.#followed = view;
        if (isFirst) for (const _ of this.sync.apply(view));
        this.#turns.start(view);
    }

    /** Takes replaced geo files over and looks for contradictions anew. */
    async refreshGeo(): Promise<void> {
        if ((await this.#options.geo.refresh()) && this.#followed !== null) this.#turns.start(this.#followed);
    }

    /** Resolves when what the chain last told is what is decided by. */
    settled(): Promise<void> {
        this.follow();
        return this.#turns.idle();
    }

    close(): Promise<void> {
        return this.#turns.close();
    }

    *#takeOver(view: TopologyView): Generator<void, void> {
        yield* this.sync.apply(view);
        const { geo, table } = this.#options;
        const found = new ContradictionBook();
        yield* audit({ rules: this.sync.rules, geo, table }, found);
        this.#contradictions = found;
    }
}
