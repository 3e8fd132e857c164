export * from './chain.js';
export * from './compute.js';
export * from './create-report.js';
export * from './formats.js';
export * from './logs.js';
export * from './manifests.js';
export type * from './ports.js';
export * from './sign.js';
