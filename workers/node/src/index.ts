export { type NodeConfig, nodeConfig } from './config.js';
export { type NodeDeps, type RunningNode, startNode } from './node.js';
export type { Clock, HealthPort, NodeLog, TopologyPort } from './ports.js';
export { createChainReader } from './topology/chain-reader.js';
export { PolledTopology } from './topology/polled-topology.js';
export type { ClaimView, ContractView, NodeView, TopologyView } from './topology/view.js';
