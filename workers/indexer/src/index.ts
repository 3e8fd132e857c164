export * from './app.js';
export * from './index-once.js';
export * from './kinds.js';
export * from './migrate.js';
export * from './ports.js';
