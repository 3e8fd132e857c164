export * from './caps.js';
export * from './check-issuers.js';
export * from './grant-book.js';
export * from './keyring.js';
export * from './remember-token.js';
export * from './rotate-issuer.js';
export * from './token-issuer.js';
