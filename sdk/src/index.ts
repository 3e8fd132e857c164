/**
 * The marketplace's SDK: pure rules and encodings, addresses, account readers, intents turned into instructions, event
 * and error decoders. It runs in browser and Node, and never sends, logs or reads the environment.
 */
export * from './accounts/index.js';
export * from './actions/index.js';
export * from './addresses/index.js';
export * from './core/index.js';
export * from './errors/index.js';
export * from './events/index.js';
export * from './programs/index.js';
export * from './verify/field-proof.js';
export * from './verify/record-proof.js';
export * from './verify/shared-keys.js';
export * from './verify/text-proofs.js';
