/**
 * Receipts in a browser: a page registers the service worker of this package, and whatever player it uses plays the URLs
 * that it always played. The worker itself is `@ocm/sdk/browser/service-worker.js`, one file to be served by the site.
 */
export type { ReceiptConfigInput } from './config.js';
export type { ReceiptEvent } from './messages.js';
export { type ReceiptClient, type RegisterReceiptsInput, registerReceipts } from './register.js';
