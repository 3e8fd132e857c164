import { getHub } from './get-hub';
import type { SnapshotHub } from './hub';

/** Ends the process when the configuration is wrong: Next would go on and answer every request with an error. */
function getHubOrExit(): SnapshotHub {
    try {
        return getHub();
    } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
    }
}

export async function prepareServer(): Promise<void> {
    const hub = getHubOrExit();
    // The server waits for open answers when it is told to stop, and event streams never end by themselves.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => hub.close());
    // Reads once before the first page: its policy names the nodes' origins.
    await hub.current();
}
