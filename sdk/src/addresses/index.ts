export * from './governance.js';
export * from './market.js';
export * from './programs.js';
export * from './registry.js';
export * from './settlement.js';
export * from './tokens.js';
