export * from './chain.js';
export * from './compute.js';
export * from './create-report.js';
export * from './csv.js';
export * from './logs.js';
export * from './manifests.js';
export * from './pdf.js';
export type * from './ports.js';
export * from './sign.js';
