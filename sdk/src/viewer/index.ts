export * from './receipt-session.js';
export * from './receipt-state.js';
export * from './samples.js';
export * from './sessions/index.js';
export * from './signer.js';
