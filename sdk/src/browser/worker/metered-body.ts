import type { ReceivedStream, StreamEnd } from '../../viewer/sessions/received-stream.js';

export interface MeterHooks {
    /** A chunk was counted. */
    onChunk(): void;
    onEnd(end: StreamEnd): void;
    /** Waits for the next chunk; rejects when none comes in time. */
    withTimeout<T>(chunk: Promise<T>): Promise<T>;
}

/** The same bytes, chunk by chunk as the reader asks for them, counted and hashed on the way; holds one chunk at most. */
export function meterBody(
    body: ReadableStream<Uint8Array>,
    stream: ReceivedStream,
    hooks: MeterHooks,
): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    let isEnded = false;
    const end = (how: StreamEnd) => {
        if (isEnded) return;
        isEnded = true;
        stream.end(how);
        hooks.onEnd(how);
    };
    return new ReadableStream<Uint8Array>(
        {
            async pull(controller) {
                try {
                    const { done, value } = await hooks.withTimeout(reader.read());
                    if (done) {
                        end('complete');
                        controller.close();
                        return;
                    }
                    stream.add(value);
                    hooks.onChunk();
                    controller.enqueue(value);
                } catch (error) {
                    end('failed');
                    void reader.cancel(error).catch(() => undefined);
                    controller.error(error);
                }
            },
            async cancel(reason) {
                end('cancelled');
                await reader.cancel(reason).catch(() => undefined);
            },
        },
        { highWaterMark: 0 },
    );
}
