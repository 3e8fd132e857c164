import { type ReceiptClient, type ReceiptEvent, registerReceipts } from '@ocm/sdk/browser';
import { WORKER_PATH } from '../../lib/content-security-policy';

export interface ReceiptsInput {
    readonly castUrl: string;
    readonly providerUrl: string;
    readonly streamPath: string;
}
type Listener = (event: ReceiptEvent) => void;
type Located = Extract<ReceiptEvent, { type: 'located' }>;
type Session = Extract<ReceiptEvent, { type: 'session' }>;

/**
 * The SDK's service worker, registered once in a page's life, whoever plays. A playback that begins later is told what
 * the worker told an earlier one: where media comes from, and how far the session is.
 */
class Receipts {
    #client: Promise<ReceiptClient> | null = null;
    #listener: Listener = () => undefined;
    #located: Located | null = null;
    #session: Session | null = null;

    /** @throws MKT_BROWSER__CONFIG_INVALID naming the configured URL that is wrong. */
    async open({ castUrl, providerUrl, streamPath }: ReceiptsInput, listener: Listener): Promise<ReceiptClient> {
        this.#listener = listener;
        if (this.#located) listener(this.#located);
        if (this.#session) listener(this.#session);
        this.#client ??= registerReceipts({
            workerUrl: WORKER_PATH,
            providerUrl,
            routerUrl: castUrl,
            mediaUrl: new URL('./', new URL(streamPath, castUrl)).href,
            onEvent: (event) => this.#hear(event),
        });
        const client = await this.#client.catch((error: unknown) => {
            this.#client = null;
            throw error;
        });
        // Where there is no worker, it is tried again, and said again, at the next playback.
        if (!client.isActive) this.#client = null;
        return client;
    }

    close(listener: Listener): void {
        if (this.#listener === listener) this.#listener = () => undefined;
    }

    #hear(event: ReceiptEvent): void {
        if (event.type === 'located') this.#located = event;
        if (event.type === 'session') this.#session = event;
        if (event.type === 'receipt' && event.session === this.#session?.session)
            this.#session = { ...this.#session, bytes: event.bytes };
        this.#listener(event);
    }
}

export const receipts = new Receipts();
