export * from './config.js';
export * from './media-headers.js';
export * from './request-counts.js';
export * from './server.js';
