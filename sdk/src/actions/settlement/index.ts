export * from './close-commitment.js';
export * from './commit-delivery.js';
export * from './cosign-delivery.js';
export * from './expire-commitment.js';
export * from './settle-delivery.js';
export * from './withdraw-payout.js';
