export {
    type ClusterOptions,
    createSimulatedCluster,
    type LoadProgramInput,
    type SimulatedCluster,
    type TravelInput,
} from './cluster.js';
export { ProgramLoadError } from './ledger/programs.js';
export {
    type ConnectionLike,
    type LegacyTransactionLike,
    sendAndConfirm,
    type VersionedTransactionLike,
} from './send-and-confirm.js';
export { type ListeningCluster, type ListenOptions, PortUnavailableError } from './server/listen.js';
export type { ClusterSnapshot } from './snapshot.js';
export { StateError } from './state/errors.js';
export { resetState } from './state/state-store.js';
