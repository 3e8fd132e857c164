export { type Copy, openFolder, openMemory } from './copy/copy.js';
export { type EvidenceSources, fetchEvidence } from './fetch/evidence.js';
export { type CopyWriter, type FetchSummary, fetchCopy } from './fetch/fetch.js';
export { createCommitterClient, createNodeClient } from './fetch/operator.js';
export { createRpc } from './fetch/rpc.js';
export type { Finding, Findings } from './findings.js';
export { rememberSignatures, verifySignature } from './protocol/ed25519.js';
export { type Verification, verifyCopy } from './verify.js';
