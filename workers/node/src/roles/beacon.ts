import type { IncomingMessage } from 'node:http';
import { RequestProblem } from '../http/problem.js';
import { parseAddress } from '../routing/prefixes.js';

/** A BEACON is the cache of one household: it serves the address that it has itself, nobody else. */
export function refuseStranger({ socket }: IncomingMessage): void {
    const viewer = parseAddress(socket.remoteAddress ?? '');
    const own = parseAddress(socket.localAddress ?? '');
    if (viewer !== null && own !== null && viewer.toString() === own.toString()) return;
    throw new RequestProblem(403, 'MKT_NODE__NOT_MY_VIEWER', 'A BEACON serves its own address only; ask the router.');
}
