import type { IncomingMessage, ServerResponse } from 'node:http';
import {
    address,
    DECISIONS_PATH,
    DEVICE_HEADER,
    DEVICES_PATH,
    deviceRequest,
    EXPLAIN_PATH,
    ROUTE_PATH,
    routeExplanation,
    SIMULATION_PATH,
} from '@ocm/sdk/http';
import { parseTarget } from '../cache/target.js';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import { isSecure } from '../http/tls.js';
import { AddressBits, parseAddressInto } from '../routing/address.js';
import type { Router } from '../routing/router.js';
import type { Access } from './access.js';
import type { ControlPaths } from './control.js';

const MAX_ADDRESS_TEXT = 64;
const MAX_DEVICE_TEXT = 200;

/** The control paths of a router. */
export class RoutingControl implements ControlPaths {
    readonly #router: Router;
    readonly #access: Access;

    constructor(router: Router, access: Access) {
        this.#router = router;
        this.#access = access;
    }

    /** Returns false for paths that are not among them. */
    async handle(
        request: IncomingMessage,
        response: ServerResponse,
        pathname: string,
        query: URLSearchParams,
    ): Promise<boolean> {
        switch (pathname) {
            case ROUTE_PATH:
            case EXPLAIN_PATH: {
                requireMethod(request, 'GET');
                const field = pathname === ROUTE_PATH ? 'address' : 'ip';
                const told = this.#explain(request, field, query);
                sendJson(response, 200, pathname === ROUTE_PATH ? routeExplanation.parse(told) : told);
                return true;
            }
            case DEVICES_PATH: {
                requireMethod(request, 'POST');
                const proof = await readJson(request, deviceRequest);
                sendJson(response, 200, await this.#router.register(proof, request.socket.remoteAddress ?? ''));
                return true;
            }
            case DECISIONS_PATH:
                requireMethod(request, 'GET');
                this.#access.requireOperator(request);
                sendJson(response, 200, this.#router.recent());
                return true;
            case SIMULATION_PATH:
                requireMethod(request, 'GET');
                this.#access.requireOperator(request);
                sendJson(response, 200, this.#router.forecast(nodeOf(query)));
                return true;
            default:
                return false;
        }
    }

    /** Without an address for whoever asks: a browser cannot read where a redirect leads to, nor does it know its address. */
    #explain(request: IncomingMessage, field: string, query: URLSearchParams): ReturnType<Router['explain']> {
        const address = query.get(field) ?? request.socket.remoteAddress ?? '';
        if (address.length > MAX_ADDRESS_TEXT || !parseAddressInto(address, new AddressBits())) {
            throw new RequestProblem(
                400,
                'MKT_NODE__ADDRESS_INVALID',
                `Field "${field}" must be an IPv4 or IPv6 address.`,
            );
        }
        const { path, rawQuery } = parseTarget(query.get('path') ?? '/');
        const device = query.get('device') ?? String(request.headers[DEVICE_HEADER] ?? '');
        return this.#router.explain(address, rawQuery === '' ? path : `${path}?${rawQuery}`, {
            device: device.slice(0, MAX_DEVICE_TEXT),
            isSecure: schemeOf(request, query) === 'https',
        });
    }
}

/** As the viewer would ask; without the field, as is asked now. */
function schemeOf(request: IncomingMessage, query: URLSearchParams): string {
    const scheme = query.get('scheme') ?? (isSecure(request) ? 'https' : 'http');
    if (scheme === 'http' || scheme === 'https') return scheme;
    throw new RequestProblem(400, 'MKT_NODE__SCHEME_INVALID', 'Field "scheme" must be http or https.');
}

function nodeOf(query: URLSearchParams): string {
    const parsed = address.safeParse(query.get('without'));
    if (parsed.success) return parsed.data;
    throw new RequestProblem(400, 'MKT_NODE__NODE_INVALID', 'Field "without" must be the address of a node.');
}
