import { isMarketplaceError } from '../../core/error.js';
import type { SessionPorts } from './ports.js';

/** Tells the pages; whatever it is, the media goes on. */
export function reportError(ports: Pick<SessionPorts, 'report'>, error: unknown, type: 'error' | 'unsigned' = 'error') {
    const isOurs = isMarketplaceError(error);
    const code = isOurs ? error.code : 'MKT_SDK__UNEXPECTED';
    const message = error instanceof Error ? error.message : String(error);
    ports.report({ type, code, message: message.slice(0, 500) });
}
