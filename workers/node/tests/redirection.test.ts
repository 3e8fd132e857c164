import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { REDIRECTION_PATH, REDIRECTION_REQUEST_TYPE, redirectionRequest, redirectionResponse } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { problemOf, sendProblem } from '../src/http/json.js';
import { answerRedirection, type RedirectionTarget } from '../src/redirection/answer.js';
import { redirectionConfig } from '../src/redirection/redirection-config.js';
import { RedirectionHandler } from '../src/redirection/redirection-handler.js';
import { ask, Cleanup, codeOf } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const TARGET: RedirectionTarget = { location: 'http://192.0.2.7:4000/a?b=1', addresses: ['192.0.2.7', '2001:db8::7'] };
const HTTP = {
    'c-ip': '198.51.100.1',
    'cs-uri': 'http://www.example.com/a?b=1',
    'cs-method': 'GET',
    'cs-version': 'HTTP/1.1',
};
const DNS = { 'resolver-ip': '198.51.100.53', qtype: 'A', qclass: 'IN', qname: 'www.example.com' };

function answer(request: object, target: RedirectionTarget | null = TARGET) {
    const seen: unknown[][] = [];
    const response = answerRedirection({
        request: redirectionRequest.parse({ 'cdn-path': ['AS64496:0'], ...request }),
        providerId: 'AS64500:ocm',
        hosts: new Set(['www.example.com']),
        ttlSecs: 20,
        route: (...facts) => {
            seen.push(facts);
            return target;
        },
    });
    return { response: redirectionResponse.parse(response), seen };
}

describe('a redirection for an upstream CDN', () => {
    it('tells where the viewer should be redirected by HTTP, for its address alone', () => {
        const { response, seen } = answer({ http: HTTP });
        expect(seen).toEqual([['198.51.100.1', { isExact: true, isSecure: false }, '/a?b=1']]);
        expect(response).toEqual({
            http: {
                'sc-status': 302,
                'sc-version': 'HTTP/1.1',
                'sc-reason': 'Found',
                'cs-uri': HTTP['cs-uri'],
                'sc-(location)': TARGET.location,
            },
            scope: { iprange: ['198.51.100.1/32'] },
        });
    });
    it('leads to https who asked by https', () => {
        const { seen } = answer({ http: { ...HTTP, 'cs-uri': 'https://www.example.com/a' } });
        expect(seen).toEqual([['198.51.100.1', { isExact: true, isSecure: true }, '/a']]);
    });
    it('tells addresses of the asked family by DNS, for the subnet that was told', () => {
        expect(answer({ dns: { ...DNS, qtype: 'AAAA' } })).toEqual({
            response: { dns: { rcode: 0, name: 'www.example.com', aaaa: ['2001:db8::7'], ttl: 20 } },
            seen: [['198.51.100.53', { isExact: false }, '/']],
        });
        const { response, seen } = answer({ dns: { ...DNS, 'c-subnet': '203.0.113.0/24' } });
        expect([response.dns?.a, response.scope]).toEqual([['192.0.2.7'], { iprange: ['203.0.113.0/24'] }]);
        expect(seen).toEqual([['203.0.113.0', { isExact: false }, '/']]);
        expect(answer({ dns: { ...DNS, 'c-subnet': '2001:db8::9/128' } }).seen).toEqual([
            ['2001:db8::9', { isExact: true }, '/'],
        ]);
    });
    it.each([
        ['a loop', { http: HTTP, 'cdn-path': ['AS64496:0', 'AS64500:ocm'] }, 502],
        ['no hop left', { http: HTTP, 'max-hops': 0 }, 503],
        ['a host that was not delegated', { http: { ...HTTP, 'cs-uri': 'http://other.example/a' } }, 501],
        ['a name that was not delegated', { dns: { ...DNS, qname: 'other.example' } }, 501],
        ['a scheme that is not served', { http: { ...HTTP, 'cs-uri': 'rtmp://www.example.com/a' } }, 505],
        ['no absolute URI', { http: { ...HTTP, 'cs-uri': '/a' } }, 505],
    ])('is refused for %s, with the code that RFC 7975 has for it', (_, request, code) => {
        expect(answer(request)).toMatchObject({ response: { error: { 'error-code': code } }, seen: [] });
    });
    it('says so when nobody covers the viewer', () => {
        expect(answer({ http: HTTP }, null).response.error?.['error-code']).toBe(504);
        expect(answer({ dns: DNS }, null).response.error?.['error-code']).toBe(504);
    });
});

describe('the path for upstream CDNs', () => {
    const SECRET = 'a secret of the upstream';
    async function start(): Promise<string> {
        const tokenSha256 = createHash('sha256').update(SECRET).digest('hex');
        const upstreams = [{ name: 'uCDN', tokenSha256, hosts: ['WWW.example.com'] }];
        const config = redirectionConfig.parse({ providerId: 'AS64500:ocm', upstreams });
        const handler = new RedirectionHandler({ config, route: () => TARGET });
        const server = http.createServer((request, response) => {
            handler
                .handle(request, response, request.url ?? '')
                .then((isOurs) => isOurs || response.writeHead(404).end())
                .catch((error: unknown) => sendProblem(response, problemOf(error)));
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        cleanup.add(() => new Promise((resolve) => server.close(resolve)));
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
    const send = (url: string, body: unknown, headers: Record<string, string> = {}) =>
        ask(url, REDIRECTION_PATH, {
            method: 'POST',
            headers: { 'content-type': REDIRECTION_REQUEST_TYPE, authorization: `Bearer ${SECRET}`, ...headers },
            body: typeof body === 'string' ? body : JSON.stringify(body),
        });
    it('answers those whose secret it knows, and lets them keep the answer for a while', async () => {
        const reply = await send(await start(), { http: HTTP, 'cdn-path': ['AS64496:0'] });
        expect(reply.status).toBe(200);
        expect(reply.headers['content-type']).toBe('application/cdni; ptype=redirection-response');
        expect(reply.headers['cache-control']).toBe('private, max-age=20');
        expect(JSON.parse(reply.body.toString()).http['sc-(location)']).toBe(TARGET.location);
        const refused = await send(await start(), { http: HTTP, 'cdn-path': ['AS64500:ocm'] });
        expect([refused.status, refused.headers['cache-control']]).toEqual([200, 'no-store']);
    });
    it('refuses everybody and everything else', async () => {
        const url = await start();
        const good = { http: HTTP, 'cdn-path': [] };
        expect(codeOf(await send(url, good, { authorization: 'Bearer other' }))).toBe('MKT_NODE__UPSTREAM_UNKNOWN');
        expect(codeOf(await send(url, good, { 'content-type': 'application/json' }))).toBe('MKT_NODE__BODY_TYPE');
        const wrong = [
            { ...good, dns: DNS },
            { 'cdn-path': [] },
            { ...good, 'cdn-path': ['not a CDN'] },
            { ...good, 'cdn-path': Array(33).fill('AS1:0') },
            { ...good, http: { ...HTTP, 'c-ip': '198.51.100' } },
            { ...good, 'max-hops': -1 },
            { dns: { ...DNS, qtype: 'TXT' }, 'cdn-path': [] },
        ];
        for (const body of wrong) expect(codeOf(await send(url, body))).toBe('MKT_NODE__BODY_INVALID');
        expect(codeOf(await send(url, '{'))).toBe('MKT_NODE__BODY_MALFORMED');
        expect(codeOf(await send(url, `"${'x'.repeat(9_000)}"`))).toBe('MKT_NODE__BODY_TOO_LARGE');
    });
});
