import { REDIRECTION_ERRORS, type RedirectionRequest, type RedirectionResponse } from '@ocm/sdk/http';
import ipaddr from 'ipaddr.js';
import type { Asker } from '../routing/router-options.js';

/** Where a viewer goes; null: this CDN has nobody for it. */
export interface RedirectionTarget {
    location: string;
    /** Of the node that was chosen, both families. */
    addresses: readonly string[];
}
export interface RedirectionInput {
    request: RedirectionRequest;
    /** Of this CDN. */
    providerId: string;
    /** Hosts that the asker delegated, lower case. */
    hosts: ReadonlySet<string>;
    ttlSecs: number;
    /** Exact: the address is the viewer's own, not the first of a prefix and not its resolver's. */
    route: (
        address: string,
        asker: Pick<Asker, 'isExact' | 'isSecure'>,
        pathAndQuery: string,
    ) => RedirectionTarget | null;
}
type Errors = typeof REDIRECTION_ERRORS;

/** What a downstream CDN answers when it is asked synchronously where it would send a viewer (RFC 7975, recursive redirection). */
export function answerRedirection(input: RedirectionInput): RedirectionResponse {
    const { request, providerId } = input;
    if (request['cdn-path'].includes(providerId)) return refuse('loop', `${providerId} stands in cdn-path already`);
    if (request['max-hops'] === 0) return refuse('maxHops', 'max-hops is used up');
    if (request.http !== undefined) return answerHttp(input, request.http);
    return answerDns(input, request.dns as NonNullable<typeof request.dns>);
}

function answerHttp(
    { hosts, route }: RedirectionInput,
    http: NonNullable<RedirectionRequest['http']>,
): RedirectionResponse {
    const uri = URL.canParse(http['cs-uri']) ? new URL(http['cs-uri']) : null;
    if (uri === null || (uri.protocol !== 'http:' && uri.protocol !== 'https:')) {
        return refuse('deliveryProtocol', 'cs-uri must be an absolute http or https URI');
    }
    if (!hosts.has(uri.hostname)) return refuse('noMetadata', `${uri.hostname} is not delegated to this CDN`);
    const asker = { isExact: true, isSecure: uri.protocol === 'https:' };
    const target = route(http['c-ip'], asker, `${uri.pathname}${uri.search}`);
    if (target === null) return refuse('outOfCapacity', 'no node covers the address now');
    const bits = ipaddr.process(http['c-ip']).kind() === 'ipv4' ? 32 : 128;
    return {
        http: {
            'sc-status': 302,
            'sc-version': 'HTTP/1.1',
            'sc-reason': 'Found',
            'cs-uri': http['cs-uri'],
            'sc-(location)': target.location,
        },
        scope: { iprange: [`${http['c-ip']}/${bits}`] },
    };
}

function answerDns(
    { hosts, route, ttlSecs }: RedirectionInput,
    dns: NonNullable<RedirectionRequest['dns']>,
): RedirectionResponse {
    const name = dns.qname.toLowerCase().replace(/\.$/, '');
    if (!hosts.has(name)) return refuse('noMetadata', `${name} is not delegated to this CDN`);
    const subnet = dns['c-subnet'];
    const target =
        subnet === undefined ? route(dns['resolver-ip'], { isExact: false }, '/') : routeSubnet(subnet, route);
    if (target === null) return refuse('outOfCapacity', 'no node covers the address now');
    const addresses = target.addresses.filter((address) => address.includes(':') === (dns.qtype === 'AAAA'));
    return {
        dns: { rcode: 0, name: dns.qname, [dns.qtype === 'AAAA' ? 'aaaa' : 'a']: addresses, ttl: ttlSecs },
        ...(subnet === undefined ? {} : { scope: { iprange: [subnet] } }),
    };
}

function routeSubnet(subnet: string, route: RedirectionInput['route']): RedirectionTarget | null {
    const [address, length] = ipaddr.parseCIDR(subnet);
    return route(address.toString(), { isExact: length === (address.kind() === 'ipv4' ? 32 : 128) }, '/');
}

const refuse = (what: keyof Errors, reason: string): RedirectionResponse => ({
    error: { 'error-code': REDIRECTION_ERRORS[what], reason },
});
