import { config as zodConfig } from 'zod';
import type { SessionStore } from '../../viewer/sessions/ports.js';
import { reportError } from '../../viewer/sessions/report.js';
import { SessionKeeper } from '../../viewer/sessions/session-keeper.js';
import { createLockedKey } from '../../viewer/signer.js';
import { findMediaPath, type ReceiptConfig, readScriptUrl } from '../config.js';
import { pageMessage, type ReceiptEvent, toWorkerMessage } from '../messages.js';
import { Deliverer } from './deliver.js';
import { DeliveryKeeper } from './delivery-keeper.js';
import type { WorkerPorts } from './ports.js';
import { openSessionStore } from './session-store.js';
import type { WorkerScope } from './worker-scope.js';

const scope = globalThis as unknown as WorkerScope;

function tellPages(event: ReceiptEvent): void {
    void scope.clients.matchAll({ type: 'window' }).then((pages) => {
        for (const page of pages) page.postMessage(toWorkerMessage(event));
    });
}

/** Opened when the first media request needs it; every call waits for that. */
function createLazyStore(): SessionStore {
    let opening: Promise<SessionStore> | undefined;
    const opened = () => {
        opening ??= openSessionStore(scope.registration.scope);
        return opening;
    };
    return {
        takeOver: async () => (await opened()).takeOver(),
        create: async (session) => (await opened()).create(session),
        save: async (session) => (await opened()).save(session),
        remove: async (id) => (await opened()).remove(id),
    };
}

function createPorts(): WorkerPorts {
    return {
        fetch: (input, init) => fetch(input, init),
        createKey: createLockedKey,
        store: createLazyStore(),
        report: tellPages,
        now: () => Date.now(),
        sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    };
}

function serve(config: ReceiptConfig, ports: WorkerPorts): void {
    const sessions = new SessionKeeper(ports, config.providerUrl);
    const keeper = new DeliveryKeeper(ports, config, sessions);
    const deliverer = new Deliverer(ports, keeper, sessions);
    scope.addEventListener('fetch', (event) => {
        const { method, url, mode, headers } = event.request;
        const path = findMediaPath(config, { method, url, mode, hasAuthorization: headers.has('authorization') });
        if (path === null) return;
        const delivered = deliverer.deliver(event.request, path);
        event.respondWith(delivered.then(({ response }) => response));
        event.waitUntil(
            delivered.then(
                ({ settled }) => settled,
                () => undefined,
            ),
        );
    });
    scope.addEventListener('message', (event) => {
        const message = pageMessage.safeParse(event.data);
        if (!message.success) return;
        const { data } = message;
        if (data.type === 'stall') sessions.recordStall(data.durationMs);
        else if (data.type === 'finish') event.waitUntil(sessions.settleAll());
        // A page that was reloaded past its worker is not controlled until it is claimed.
        else event.waitUntil(Promise.all([scope.clients.claim(), keeper.greet()]));
    });
}

// Zod compiles its schemas where it may: a site's content security policy would report each try.
zodConfig({ jitless: true });
const ports = createPorts();
scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
try {
    serve(readScriptUrl(scope.location.href), ports);
} catch (error) {
    // Without a configuration nothing is intercepted: the site works as if this worker were not there.
    reportError(ports, error, 'unsigned');
}
