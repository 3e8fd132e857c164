import type { Connection, PublicKey } from '@solana/web3.js';

export type Hints = {
    /** Returns after `ms`, or sooner when a transaction of the programs was told; rejects when the signal aborts. */
    wait(ms: number, signal: AbortSignal): Promise<void>;
    close(): void;
};

/** Many transactions at once are one hint. */
const GATHER_MS = 100;

/** Log subscriptions as a hint that there is something to read; whether they work or not changes only how soon. */
export function createHints(connection: Connection | null, programs: readonly PublicKey[]): Hints {
    let hinted = false;
    let wake: (() => void) | undefined;
    const onLogs = () => {
        hinted = true;
        wake?.();
    };
    const subscriptions = programs.map((program) => connection?.onLogs(program, onLogs, 'confirmed'));
    return {
        wait: (ms, signal) =>
            new Promise((resolve, reject) => {
                const finish = (settle: () => void) => {
                    clearTimeout(timer);
                    wake = undefined;
                    signal.removeEventListener('abort', onAbort);
                    settle();
                };
                const onAbort = () => finish(() => reject(signal.reason));
                const onHint = () => {
                    hinted = false;
                    clearTimeout(timer);
                    timer = setTimeout(() => finish(resolve), Math.min(ms, GATHER_MS));
                };
                let timer = setTimeout(() => finish(resolve), ms);
                if (signal.aborted) return onAbort();
                signal.addEventListener('abort', onAbort, { once: true });
                wake = onHint;
                if (hinted) onHint();
            }),
        close: () => {
            for (const id of subscriptions)
                if (id !== undefined) void connection?.removeOnLogsListener(id).catch(() => undefined);
        },
    };
}
