/** What is used of ServiceWorkerGlobalScope: TypeScript's `WebWorker` library cannot stand beside `DOM`. */
export interface WorkerScope {
    readonly location: { readonly href: string };
    readonly registration: { readonly scope: string };
    readonly clients: {
        claim(): Promise<void>;
        matchAll(options: { type: 'window' }): Promise<readonly { postMessage(message: unknown): void }[]>;
    };
    skipWaiting(): Promise<void>;
    addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
    addEventListener(type: 'message', listener: (event: LifeEvent & { readonly data: unknown }) => void): void;
    addEventListener(type: 'fetch', listener: (event: FetchLikeEvent) => void): void;
}

interface LifeEvent {
    waitUntil(work: Promise<unknown>): void;
}

interface FetchLikeEvent extends LifeEvent {
    readonly request: Request;
    respondWith(response: Promise<Response>): void;
}
