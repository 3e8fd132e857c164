import { failure } from '../core/failure.js';
import { parseReceiptConfig, type ReceiptConfigInput, toScriptUrl } from './config.js';
import { type ReceiptEvent, toPageMessage, workerMessage } from './messages.js';
import { watchStalls } from './stalls.js';

/** A worker that does not control the page by then is done without: the player must start. */
const CONTROL_TIMEOUT_MS = 5_000;

export type RegisterReceiptsInput = ReceiptConfigInput & {
    /** Where this site serves `@ocm/sdk/browser/service-worker.js`, for example `/ocm-receipts.js`. */
    workerUrl: string;
    /** Pages below this path are served by the worker; by default those beside and below its script. */
    scope?: string;
    /** Told what happens: where media comes from, sessions, receipts, and whatever failed. */
    onEvent?: (event: ReceiptEvent) => void;
};

export type ReceiptClient = {
    /** False where the media is played as if this package were not there; `onEvent` was told why. */
    readonly isActive: boolean;
    /** Signs for what is not acknowledged yet; also done when a player pauses or ends and when the page is left. */
    finish(): void;
    /** Reports the stalls of players in a shadow tree, whose events the document does not see. */
    watch(root: EventTarget): void;
    /** From the next page on media is not receipted. */
    unregister(): Promise<void>;
};

/**
 * Has the media requests of this page served by the service worker, which asks the node that the router names and signs
 * receipts for what arrives. Await it before the player starts; it never fails the page.
 * @throws MKT_BROWSER__CONFIG_INVALID naming the field that is wrong.
 * @example await registerReceipts({ workerUrl: '/ocm-receipts.js', providerUrl, routerUrl, mediaUrl: 'https://media.example/films/' });
 */
export async function registerReceipts(input: RegisterReceiptsInput): Promise<ReceiptClient> {
    const { workerUrl, scope, onEvent = () => undefined, ...rest } = input;
    const scriptUrl = toScriptUrl(workerUrl, location.href, parseReceiptConfig(rest));
    const { serviceWorker: container } = navigator;
    try {
        if (container === undefined)
            throw new Error('this browser offers no service workers here; use https or localhost');
        // Before anything can be told.
        container.addEventListener('message', ({ data }) => {
            const message = workerMessage.safeParse(data);
            if (message.success) onEvent(message.data.event);
        });
        container.startMessages();
        const registration = await container.register(scriptUrl, scope === undefined ? {} : { scope });
        await untilControlled(container, registration, scriptUrl);
        return createClient(container, registration);
    } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const unavailable = failure('MKT_BROWSER__WORKER_UNAVAILABLE', `media is played without receipts: ${reason}`);
        const { code, message } = unavailable;
        onEvent({ type: 'unsigned', code, message });
        return { isActive: false, finish() {}, watch() {}, async unregister() {} };
    }
}

function createClient(container: ServiceWorkerContainer, registration: ServiceWorkerRegistration): ReceiptClient {
    const tell = (message: ReturnType<typeof toPageMessage>) => container.controller?.postMessage(message);
    const finish = () => tell(toPageMessage({ type: 'finish' }));
    const watch = (root: EventTarget) => {
        watchStalls(root, (durationMs) => tell(toPageMessage({ type: 'stall', durationMs })));
        for (const type of ['pause', 'ended']) root.addEventListener(type, finish, { capture: true });
    };
    watch(document);
    addEventListener('pagehide', finish);
    document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'hidden') finish();
    });
    tell(toPageMessage({ type: 'start' }));
    return { isActive: true, finish, watch, unregister: async () => void (await registration.unregister()) };
}

/** A page that was loaded before its worker, or past it, is not controlled until the worker claims it. */
async function untilControlled(
    container: ServiceWorkerContainer,
    registration: ServiceWorkerRegistration,
    scriptUrl: string,
): Promise<void> {
    const isControlled = () => container.controller?.scriptURL === scriptUrl;
    if (isControlled()) return;
    await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
            () => reject(new Error('the service worker did not take over in time')),
            CONTROL_TIMEOUT_MS,
        );
        const check = () => {
            if (!isControlled()) return;
            clearTimeout(timer);
            container.removeEventListener('controllerchange', check);
            resolve();
        };
        container.addEventListener('controllerchange', check);
        if (registration.active?.scriptURL === scriptUrl)
            registration.active.postMessage(toPageMessage({ type: 'start' }));
        check();
    });
}
