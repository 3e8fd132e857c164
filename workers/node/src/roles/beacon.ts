import type { IncomingMessage } from 'node:http';
import { RequestProblem } from '../http/problem.js';
import { AddressBits, parseAddressInto } from '../routing/address.js';
import { addressText } from '../routing/address-text.js';
import { Household } from './household.js';

/**
 * A BEACON is the cache of one household: it serves the address that it has itself and, where it has registered its household,
 * its own private network; nobody else.
 */
export function refuseStranger({ socket }: IncomingMessage, hasHousehold: boolean): void {
    if (hasHousehold && Household.isMember(socket)) return;
    const viewer = new AddressBits();
    const own = new AddressBits();
    const areKnown =
        parseAddressInto(socket.remoteAddress ?? '', viewer) && parseAddressInto(socket.localAddress ?? '', own);
    if (areKnown && addressText(viewer) === addressText(own)) return;
    throw new RequestProblem(403, 'MKT_NODE__NOT_MY_VIEWER', 'A BEACON serves its own address only; ask the router.');
}
