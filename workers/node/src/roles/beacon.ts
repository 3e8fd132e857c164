import type { IncomingMessage } from 'node:http';
import { RequestProblem } from '../http/problem.js';
import { AddressBits, parseAddressInto } from '../routing/address.js';
import { addressText } from '../routing/address-text.js';

/** A BEACON is the cache of one household: it serves the address that it has itself, nobody else. */
export function refuseStranger({ socket }: IncomingMessage): void {
    const viewer = new AddressBits();
    const own = new AddressBits();
    const areKnown =
        parseAddressInto(socket.remoteAddress ?? '', viewer) && parseAddressInto(socket.localAddress ?? '', own);
    if (areKnown && addressText(viewer) === addressText(own)) return;
    throw new RequestProblem(403, 'MKT_NODE__NOT_MY_VIEWER', 'A BEACON serves its own address only; ask the router.');
}
