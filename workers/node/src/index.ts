export { type NodeConfig, nodeConfig } from './config.js';
export { EpochStore } from './log/epoch-store.js';
export type { SessionPage } from './log/evidence.js';
export { logRules } from './log/rules.js';
export { type NodeDeps, type RunningNode, startNode } from './node.js';
export type {
    Clock,
    HealthPort,
    NodeHealth,
    NodeLog,
    ProtocolClock,
    ProtocolClockState,
    TopologyPort,
} from './ports.js';
export { type ReverseProxyOptions, type RunningProxy, startReverseProxy } from './roles/reverse-proxy.js';
export { decodeReceiptOrRefuse, judgeReceipt } from './sessions/receipts.js';
export { Session } from './sessions/session.js';
export { createChainReader } from './topology/chain-reader.js';
export { ClusterClock, MAX_OFFSET_MS } from './topology/cluster-clock.js';
export { PolledTopology } from './topology/polled-topology.js';
export type { ClaimView, ContractView, NodeView, TopologyView } from './topology/view.js';
