import { pipeline, type Readable, Transform } from 'node:stream';
import type { ReceivedStream, StreamEnd } from '@ocm/sdk/viewer';

export interface MeterHooks {
    /** A chunk was counted. */
    onChunk(): void;
    onEnd(end: StreamEnd): void;
}

/** The same bytes, counted and hashed on the way. */
export function meterBody(body: Readable, stream: ReceivedStream, hooks: MeterHooks): Readable {
    const meter = new Transform({
        transform(chunk: Buffer, _, done) {
            stream.add(chunk);
            hooks.onChunk();
            done(null, chunk);
        },
    });
    // Whoever reads sees the error, too; it is passed on by the pipeline.
    pipeline(body, meter, (error) => {
        const end = endOf(error ?? null);
        stream.end(end);
        hooks.onEnd(end);
    });
    return meter;
}

function endOf(error: (Error & { code?: string | undefined }) | null): StreamEnd {
    if (error === null) return 'complete';
    return error.name === 'AbortError' || error.code === 'ERR_STREAM_PREMATURE_CLOSE' ? 'cancelled' : 'failed';
}
