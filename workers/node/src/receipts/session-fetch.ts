import type { SessionPorts } from '@ocm/sdk/viewer';
import { Agent, type buildConnector, fetch, type RequestInit as UndiciInit } from 'undici';

/** Receipts are small and seldom: more connections would only stay idle. */
const CONNECTIONS_PER_PEER = 2;

/** `fetch` over connections that go only where parents may be. */
export function createSessionFetch(connector: buildConnector.connector): {
    fetch: SessionPorts['fetch'];
    close(): Promise<void>;
} {
    const dispatcher = new Agent({ connect: connector, connections: CONNECTIONS_PER_PEER });
    return {
        async fetch(url, init) {
            // The package's types and the runtime's differ in parts of the class that nobody here uses.
            const response = await fetch(url, { ...(init as UndiciInit | undefined), dispatcher });
            return response as unknown as Response;
        },
        close: () => dispatcher.destroy(),
    };
}
