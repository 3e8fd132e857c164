import type { FieldProof } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { RecordQuery, SessionPage, SessionQuery, SessionRecords } from '../log/evidence.js';
import type { FieldRequest } from '../log/field-proof.js';
import type { ContractEpoch } from '../log/sealed-epochs.js';
import type { EpochSummary } from '../log/summary.js';
import type { ProtocolClock, TopologyPort } from '../ports.js';
import { epochEndMs } from '../topology/view.js';

export interface EpochAccessOptions {
    store: EpochStore;
    topology: TopologyPort;
    clock: ProtocolClock;
}

/** Epochs as they are asked for from outside: one that is over is sealed first, one that cannot be ours is refused. */
export class EpochAccess {
    readonly #options: EpochAccessOptions;

    constructor(options: EpochAccessOptions) {
        this.#options = options;
    }

    /** Oldest first. */
    list(): EpochSummary[] {
        return this.#options.store.sealed.list();
    }

    /** @throws RequestProblem 404 unknown, 409 still open, 410 erased */
    async sessions(name: ContractEpoch, query: SessionQuery): Promise<SessionPage> {
        await this.#seal(name);
        return this.#options.store.sealed.sessions(name, query);
    }

    /** @throws RequestProblem 404 unknown, 409 still open, 410 erased */
    async records(name: ContractEpoch, query: RecordQuery): Promise<SessionRecords> {
        await this.#seal(name);
        return this.#options.store.sealed.records(name, query);
    }

    /** @throws RequestProblem 404 unknown, 409 still open, 410 erased */
    async proveField(name: ContractEpoch, request: FieldRequest): Promise<Omit<FieldProof, 'node'>> {
        await this.#seal(name);
        return this.#options.store.sealed.proveField(name, request);
    }

    async #seal(name: ContractEpoch): Promise<void> {
        const { store, clock } = this.#options;
        const closesAtMs = store.sealed.find(name)?.closesAtMs ?? this.#closesAtMs(name);
        await store.sealNow({ ...name, closesAtMs }, clock.nowMs());
    }

    #closesAtMs({ contract: address, epoch }: ContractEpoch): number {
        const view = this.#options.topology.current();
        const contract = view?.contracts.find((candidate) => candidate.address === address);
        if (view === null || contract === undefined) {
            throw new RequestProblem(
                404,
                'MKT_NODE__CONTRACT_UNKNOWN',
                'No such contract of this operator is known here.',
            );
        }
        if (epoch >= contract.epochCount) {
            throw new RequestProblem(404, 'MKT_NODE__EPOCH_UNKNOWN', `The contract has ${contract.epochCount} epochs.`);
        }
        return epochEndMs(contract, epoch) + view.params.tokenGraceSecs * 1000;
    }
}
