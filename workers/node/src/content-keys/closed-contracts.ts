import type { Clock, NodeLog, TopologyPort } from '../ports.js';
import type { ContractView } from '../topology/view.js';
import type { ContractEnd } from './contract-end.js';

/** Between two questions about one contract. */
const ASK_INTERVAL_MS = 60_000;
/** Answers in a row that there is no such account: one may be of an RPC node that lags behind, or has just begun. */
const ABSENCES = 3;

export interface ClosedContractsOptions {
    topology: TopologyPort;
    now: Clock;
    log: NodeLog;
}
interface Absence {
    answers: number;
    nextAtMs: number;
}

/** Contracts that a view does not name. That is no proof of anything, so the chain is asked for each by its address. */
export class ClosedContracts {
    readonly #options: ClosedContractsOptions;
    readonly #absences = new Map<string, Absence>();

    constructor(options: ClosedContractsOptions) {
        this.#options = options;
    }

    /** Those of `missing` that have ended. What cannot be asked for is taken to go on. */
    async find(
        missing: readonly string[],
        judge: (contract: ContractView) => ContractEnd | null,
    ): Promise<Map<string, ContractEnd>> {
        for (const contract of this.#absences.keys()) if (!missing.includes(contract)) this.#absences.delete(contract);
        const ended = new Map<string, ContractEnd>();
        for (const contract of missing) {
            const end = await this.#ask(contract, judge);
            if (end !== null) ended.set(contract, end);
        }
        return ended;
    }

    async #ask(contract: string, judge: (contract: ContractView) => ContractEnd | null): Promise<ContractEnd | null> {
        const { topology, now, log } = this.#options;
        const absence = this.#absences.get(contract) ?? { answers: 0, nextAtMs: 0 };
        if (topology.findContract === undefined || now() < absence.nextAtMs) return null;
        const nextAtMs = now() + ASK_INTERVAL_MS;
        try {
            const found = await topology.findContract(contract);
            const answers = found === null ? absence.answers + 1 : 0;
            this.#absences.set(contract, { answers, nextAtMs });
            if (found !== null) return judge(found);
            return answers >= ABSENCES ? 'closed' : null;
        } catch (error) {
            this.#absences.set(contract, { ...absence, nextAtMs });
            log.debug({ contract, err: error }, 'contract not readable, its content stays');
            return null;
        }
    }
}
