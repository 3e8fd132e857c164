import Hls, {
    type HlsConfig,
    type Loader,
    type LoaderCallbacks,
    type LoaderConfiguration,
    type LoaderContext,
} from 'hls.js';

function bytesOf(data: unknown): number {
    if (data instanceof ArrayBuffer) return data.byteLength;
    return typeof data === 'string' ? new TextEncoder().encode(data).byteLength : 0;
}

/** hls.js's own loader, which tells the bytes of each object that has come. */
export function createCountingLoader(
    onObject: (lengthBytes: number) => void,
): new (
    config: HlsConfig,
) => Loader<LoaderContext> {
    return class CountingLoader extends Hls.DefaultConfig.loader {
        override load(
            context: LoaderContext,
            config: LoaderConfiguration,
            callbacks: LoaderCallbacks<LoaderContext>,
        ): void {
            super.load(context, config, {
                ...callbacks,
                onSuccess: (response, ...rest) => {
                    // Before the player may hand the buffer to its worker, which empties it.
                    onObject(bytesOf(response.data));
                    callbacks.onSuccess(response, ...rest);
                },
            });
        }
    };
}
