/** Rules without accounts and without I/O, for browsers and Node: encodings, trees, money, footprints, logs. */
export * from './auction.js';
export * from './bytes.js';
export * from './capacity.js';
export * from './cdni-capacity.js';
export * from './consistency.js';
export * from './cosign.js';
export * from './delivery-method.js';
export {
    generateKeyPair,
    type KeyPair,
    PUBLIC_KEY_BYTES,
    publicKeyOf,
    SECRET_SEED_BYTES,
    SIGNATURE_BYTES,
    sign,
    verify,
} from './ed25519.js';
export * from './ed25519-instruction.js';
export {
    ED25519_COSIGN_BYTES,
    ED25519_PAIR_BYTES,
    type Ed25519Cosign,
    type Ed25519Pair,
} from './ed25519-layout.js';
export * from './ed25519-parse.js';
export * from './error.js';
export * from './error-messages.js';
export * from './evidence.js';
export { failure } from './failure.js';
export { assertLength, assertU64, assertUint, domain, MAX_U64 } from './fields.js';
export * from './footprint.js';
export * from './footprint-cover.js';
export { HASH_BYTES, hmacSha256, sha256 } from './hash.js';
export * from './history.js';
export * from './inclusion.js';
export { formatIp, parseIp } from './ip.js';
export * from './leaf.js';
export * from './log-encryption.js';
export * from './log-fields.js';
export * from './log-format.js';
export * from './log-parse.js';
export { assertLogValue, decodeLogValue, encodeLogValue, MISSING_LOG_VALUE } from './log-value.js';
export * from './money.js';
export * from './panel.js';
export * from './receipt.js';
export * from './record-commitment.js';
export { RecordHasher } from './record-hasher.js';
export {
    type AuditPathInput,
    computeAuditPath,
    computeTreeHead,
    hashRecord,
    TreeHeadBuilder,
    verifyAuditPath,
} from './record-tree.js';
export * from './rewards.js';
export * from './sampling.js';
export * from './seed.js';
export * from './session-proof.js';
export * from './settlement.js';
export {
    type BucketEntry,
    keyPrefix,
    MAX_BUCKET_ENTRIES,
    MAX_TREE_DEPTH,
    MIN_TREE_DEPTH,
    type SumNode,
} from './settlement-node.js';
export * from './settlement-proof.js';
export * from './settlement-tree.js';
export * from './sla.js';
export * from './sla-reports.js';
export * from './slashing.js';
export * from './token.js';
export * from './transaction-size.js';
export { computeRangePath, type RangeInput, type RangePathInput, verifyRange } from './tree-range.js';
export * from './unsigned-leaf.js';
