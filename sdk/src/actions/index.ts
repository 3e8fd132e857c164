export * from './governance/index.js';
export * from './market/index.js';
export * from './registry/index.js';
export * from './settlement/index.js';
