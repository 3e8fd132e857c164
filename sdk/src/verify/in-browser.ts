/**
 * What a page needs to believe nobody: the proofs of the marketplace, in one file without imports
 * (`@ocm/sdk/browser/verify.js`). It does no I/O; roots are to come from where the page trusts them, best from the chain.
 */
export { fromBase64, fromHex, toBase64, toHex } from '../core/bytes.js';
export { encodeHistoryEntry, type HistoryEntry } from '../core/history.js';
export { computeTreeHead } from '../core/record-tree.js';
export { type FieldProofVerdict, findLeafProof, verifyFieldProof } from './field-proof.js';
export { type CommittedRoot, type RecordProofVerdict, verifyRecordProof } from './record-proof.js';
export * from './text-proofs.js';
