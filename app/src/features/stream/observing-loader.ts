import Hls, {
    type HlsConfig,
    type Loader,
    type LoaderCallbacks,
    type LoaderConfiguration,
    type LoaderContext,
    type LoaderStats,
} from 'hls.js';

export interface LoadedObject {
    readonly url: string;
    readonly lengthBytes: number;
    /** Starts before the player may hand the buffer to its worker, which empties it. */
    readonly sha256: Promise<Uint8Array>;
    readonly ttfbMs: number;
    readonly completedAtMs: number;
}

export interface LoaderHooks {
    /** Runs before each request, for instance to renew a session that ends. */
    readonly beforeLoad: () => Promise<void>;
    readonly onObject: (object: LoadedObject) => void;
    /** @returns true when the cause is removed and the request should be made once more. */
    readonly onRefused: (status: number, url: string) => Promise<boolean>;
    readonly onFailed: (url: string) => void;
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | null {
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    return typeof data === 'string' ? new TextEncoder().encode(data) : null;
}

/** hls.js's own loader, watched: what completes is hashed for receipts, what is refused may be asked again once. */
export function createObservingLoader(hooks: LoaderHooks): new (config: HlsConfig) => Loader<LoaderContext> {
    const Inner = Hls.DefaultConfig.loader;
    return class ObservingLoader implements Loader<LoaderContext> {
        readonly #config: HlsConfig;
        #inner: Loader<LoaderContext>;
        #gone = false;

        constructor(config: HlsConfig) {
            this.#config = config;
            this.#inner = new Inner(config);
        }

        get context(): LoaderContext | null {
            return this.#inner.context;
        }
        get stats(): LoaderStats {
            return this.#inner.stats;
        }

        load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
            void hooks.beforeLoad().then(() => this.#load(context, config, callbacks, true));
        }

        #load(
            context: LoaderContext,
            config: LoaderConfiguration,
            callbacks: LoaderCallbacks<LoaderContext>,
            mayRepeat: boolean,
        ): void {
            if (this.#gone) return;
            this.#inner.load(context, config, {
                ...callbacks,
                onSuccess: (response, stats, done, details) => {
                    const bytes = bytesOf(response.data);
                    if (bytes && response.code !== 304) {
                        hooks.onObject({
                            url: response.url,
                            lengthBytes: bytes.byteLength,
                            sha256: digest(bytes),
                            ttfbMs: Math.max(0, stats.loading.first - stats.loading.start),
                            completedAtMs: Date.now(),
                        });
                    }
                    callbacks.onSuccess(response, stats, done, details);
                },
                onError: (error, failed, details, stats) => {
                    const giveUp = () => {
                        hooks.onFailed(context.url);
                        callbacks.onError(error, failed, details, stats);
                    };
                    if (!mayRepeat || error.code < 400 || error.code > 499) return giveUp();
                    void hooks.onRefused(error.code, context.url).then((again) => {
                        if (this.#gone) return;
                        if (!again) return giveUp();
                        this.#inner.destroy();
                        this.#inner = new Inner(this.#config);
                        this.#load(context, config, callbacks, false);
                    }, giveUp);
                },
            });
        }

        abort(): void {
            this.#gone = true;
            this.#inner.abort();
        }
        destroy(): void {
            this.#gone = true;
            this.#inner.destroy();
        }
        getCacheAge(): number | null {
            return this.#inner.getCacheAge?.() ?? null;
        }
        getResponseHeader(name: string): string | null {
            return this.#inner.getResponseHeader?.(name) ?? null;
        }
    };
}
