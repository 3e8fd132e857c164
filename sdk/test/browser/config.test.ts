import { describe, expect, it } from 'vitest';
import { findMediaPath, parseReceiptConfig, readScriptUrl, toScriptUrl } from '../../src/browser/config.js';
import { pageMessage, receiptEvent } from '../../src/browser/messages.js';

const GIVEN = {
    providerUrl: 'https://provider.example',
    routerUrl: 'https://cast.example',
    mediaUrl: 'https://media.example/films/',
};
const config = parseReceiptConfig(GIVEN);
const ask = (url: string, facts: object = {}) =>
    findMediaPath(config, { method: 'GET', url, mode: 'cors', hasAuthorization: false, ...facts });

describe('the configuration of a receipt worker', () => {
    it('travels in the URL of its script, which a worker has from its first moment on', () => {
        const scriptUrl = toScriptUrl('/ocm.js?v=3', 'https://site.example/watch?a=b', config);
        expect(scriptUrl).toMatch(/^https:\/\/site\.example\/ocm\.js\?v=3&/);
        expect(readScriptUrl(scriptUrl)).toEqual(config);
    });

    it.each([
        ['providerUrl', { providerUrl: 'javascript:alert(1)' }],
        ['routerUrl', { routerUrl: undefined }],
        ['routerUrl', { routerUrl: 'ftp://cast.example' }],
        ['mediaUrl', { mediaUrl: 'https://media.example/films' }],
        ['mediaUrl', { mediaUrl: 'https://media.example/films/?a=/' }],
        ['mediaUrl', { mediaUrl: `https://media.example/${'a'.repeat(2048)}/` }],
        ['contentUrl', { contentUrl: 'https://other.example/' }],
    ])('is refused with the name of the field %s', (field, wrong) => {
        expect(() => parseReceiptConfig({ ...GIVEN, ...wrong })).toThrowError(new RegExp(`^${field} `));
    });
});

describe('a request', () => {
    it.each([
        ['https://media.example/films/a.m3u8', '/films/a.m3u8'],
        ['https://media.example/films/x/y.mp4?sig=1#t=10', '/films/x/y.mp4?sig=1'],
    ])('of media %s is asked of nodes as %s', (url, path) => {
        expect(ask(url)).toBe(path);
        expect(ask(url, { method: 'HEAD', mode: 'no-cors' })).toBe(path);
    });

    it('below a base of its own is asked for relative to it', () => {
        const based = parseReceiptConfig({ ...GIVEN, contentUrl: 'https://media.example/films' });
        const facts = { method: 'GET', mode: 'cors', hasAuthorization: false };
        expect(findMediaPath(based, { ...facts, url: 'https://media.example/films/a.mp4' })).toBe('/a.mp4');
    });

    it.each([
        ['of another origin', 'https://media.example.evil/films/a.mp4', {}],
        ['of another port', 'https://media.example:8443/films/a.mp4', {}],
        ['beside the prefix', 'https://media.example/films-private/a.mp4', {}],
        ['of a page', 'https://media.example/films/a.html', { mode: 'navigate' }],
        ['that writes', 'https://media.example/films/a.mp4', { method: 'POST' }],
        ['with credentials of its own', 'https://media.example/films/a.mp4', { hasAuthorization: true }],
    ])('%s passes untouched', (_, url, facts) => {
        expect(ask(url, facts)).toBeNull();
    });
});

describe('a message from a page', () => {
    it.each([
        null,
        'start',
        { type: 'start' },
        { ocm: 'ocm-receipts', type: 'sign', bytes: 1 },
        { ocm: 'ocm-receipts', type: 'stall', durationMs: -1 },
        { ocm: 'ocm-receipts', type: 'stall', durationMs: 1e12 },
        { ocm: 'ocm-receipts', type: 'stall', durationMs: '5' },
    ])('that is none is ignored: %j', (message) => {
        expect(pageMessage.safeParse(message).success).toBe(false);
    });

    it('can report a stall; a page refuses what is no event', () => {
        expect(pageMessage.safeParse({ ocm: 'ocm-receipts', type: 'stall', durationMs: 5 }).success).toBe(true);
        expect(receiptEvent.safeParse({ type: 'receipt', bytes: '1' }).success).toBe(false);
    });
});
