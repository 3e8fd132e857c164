import { type Part, PartHasher } from '../../viewer/sessions/part-hasher.js';

/** `sentBytes` is null where the bytes are those that were sent; of an encoded body it is the length before decoding. */
export type MeterOptions = { sentBytes: number | null };
export type BodyEnd = 'complete' | 'cancelled' | 'failed';

export interface MeterHooks {
    /** The first bytes are here. */
    onFirstByte(): void;
    /** A part arrived; the last one of a body, and of one that was cut off, may be shorter. */
    onPart(part: Part): void;
    onEnd(end: BodyEnd): void;
    /** Waits for the next chunk; rejects when none comes in time. */
    withTimeout<T>(chunk: Promise<T>): Promise<T>;
}

/** The same bytes, chunk by chunk as the reader asks for them, counted and hashed on the way; holds one chunk at most. */
export function meterBody(
    body: ReadableStream<Uint8Array>,
    { sentBytes }: MeterOptions,
    hooks: MeterHooks,
): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    const parts =
        sentBytes === null
            ? new PartHasher({ onPart: (part) => hooks.onPart(part) })
            : new PartHasher({
                  partBytes: Number.POSITIVE_INFINITY,
                  onPart: ({ sha256 }) => hooks.onPart({ sha256, lengthBytes: sentBytes }),
              });
    let isFirst = true;
    let isEnded = false;
    const end = (how: BodyEnd) => {
        if (isEnded) return;
        isEnded = true;
        // How much of an encoded body was sent for what arrived is known only if all arrived.
        if (sentBytes === null || how === 'complete') parts.finish();
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
                    if (isFirst) hooks.onFirstByte();
                    isFirst = false;
                    parts.add(value);
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
