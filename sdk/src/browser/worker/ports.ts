import type { SessionPorts } from '../../viewer/sessions/ports.js';
import type { ReceiptEvent } from '../messages.js';

/** What the service worker needs of its browser. */
export interface WorkerPorts extends SessionPorts {
    fetch(input: string | Request, init?: RequestInit): Promise<Response>;
    report(event: ReceiptEvent): void;
}
