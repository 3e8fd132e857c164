export * from './committer.js';
export * from './logs.js';
export * from './indexer.js';
export * from './indexer-accounts.js';
export * from './manifest.js';
export * from './node.js';
export * from './primitives.js';
export * from './provider.js';
