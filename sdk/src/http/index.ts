export * from './committer.js';
export * from './manifest.js';
export * from './node.js';
export * from './primitives.js';
export * from './provider.js';
export * from './report.js';
