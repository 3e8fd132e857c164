import { describe, expect, it } from 'vitest';
import type { HeaderMap } from '../src/cache/headers.js';
import { freshenedFields, isSameAsHead, selectsStored, validationFields } from '../src/cache/semantics/freshen.js';
import { invalidatedPaths, isSafe, sameOriginPath } from '../src/cache/semantics/invalidation.js';
import { policyOf } from '../src/cache/semantics/policy.js';
import { isShareable, isStorable, storedFields } from '../src/cache/semantics/storable.js';
import { controlOf } from '../src/cache/semantics/targeted.js';
import { fieldsOfVary, isSelected, selectingOf } from '../src/cache/semantics/vary.js';

const NODE_RULES = { storesCookies: false, sharesAuthorized: false, staleIfErrorSecs: 0 };

function storable(
    headers: HeaderMap,
    {
        status = 200,
        rules = {},
        isAuthorized = false,
    }: { status?: number; rules?: object; isAuthorized?: boolean } = {},
): boolean {
    const received = { status, headers, requestTimeMs: 0, responseTimeMs: Date.now() };
    const policy = policyOf(received, { negativeSecs: 0, maxNegativeSecs: 60 });
    const control = controlOf(headers);
    return isStorable({ status, headers, control, policy, rules: { ...NODE_RULES, ...rules }, isAuthorized });
}
const cc = (value: string, more: HeaderMap = {}): HeaderMap => ({ 'cache-control': value, ...more });
const tag = { etag: '"1"' };

describe('what is stored', () => {
    it.each<[string, boolean, HeaderMap, { status?: number; rules?: object; isAuthorized?: boolean }?]>([
        ['a lifetime', true, cc('max-age=5')],
        ['a lifetime of an unknown status', true, cc('max-age=5'), { status: 599 }],
        ['a lifetime of no length and no validator', false, cc('max-age=0')],
        ['a validator alone', true, tag],
        ['a validator of a status that says nothing', false, tag, { status: 202 }],
        ['a validator with no-cache', true, cc('no-cache', tag)],
        ['no-cache without a validator', false, cc('no-cache, max-age=5')],
        ['stale-while-revalidate after no lifetime', true, cc('max-age=0, stale-while-revalidate=5')],
        ['nothing said', false, {}],
        ['stale-if-error after no lifetime', true, cc('max-age=0, stale-if-error=5')],
        ['a configured time for errors', true, cc('max-age=0'), { rules: { staleIfErrorSecs: 5 } }],
        ['a configured time for errors, nothing said', false, {}, { rules: { staleIfErrorSecs: 5 } }],
        ['no-store', false, cc('no-store, max-age=5')],
        ['no-store with must-understand', true, cc('no-store, must-understand, max-age=5')],
        ['must-understand of an unknown status', false, cc('must-understand, max-age=5'), { status: 599 }],
        ['private', false, cc('private, max-age=5')],
        ['private for a field', true, cc('private="x", max-age=5')],
        ['Vary on all', false, cc('max-age=5', { vary: 'a, *' })],
        ['a cookie', false, cc('public, max-age=5', { 'set-cookie': 'a=1' })],
        [
            'a cookie where that is wanted',
            true,
            cc('max-age=5', { 'set-cookie': 'a=1' }),
            { rules: { storesCookies: true } },
        ],
        ['a 304', false, cc('max-age=5'), { status: 304 }],
        ['a 412', false, cc('max-age=5'), { status: 412 }],
        ['a 416', false, cc('max-age=5'), { status: 416 }],
        ['for a credential', false, cc('public, max-age=5'), { isAuthorized: true }],
        [
            'for a credential, not marked',
            false,
            cc('max-age=5'),
            { isAuthorized: true, rules: { sharesAuthorized: true } },
        ],
        [
            'for a credential, public',
            true,
            cc('public, max-age=5'),
            { isAuthorized: true, rules: { sharesAuthorized: true } },
        ],
    ])('%s: %s', (_, expected, headers, how) => {
        expect(storable(headers, how)).toBe(expected);
    });

    it('leaves out fields that are meant for one viewer', () => {
        const headers = cc('private="x-a", no-cache="X-B, set-cookie", max-age=5', {
            'x-a': '1',
            'x-b': '2',
            'x-c': '3',
        });
        const kept = storedFields(headers, controlOf(headers));
        expect(Object.keys(kept)).toEqual(['cache-control', 'x-c']);
    });

    it('is not what a failure is; that may still be told to all who wait', () => {
        const shareable = (status: number, headers: HeaderMap): boolean =>
            isShareable(status, headers, controlOf(headers));
        expect(shareable(503, {})).toBe(true);
        expect(shareable(404, {})).toBe(false);
        expect(shareable(503, { 'set-cookie': 'a' })).toBe(false);
        expect(shareable(503, cc('private'))).toBe(false);
        expect(shareable(503, cc('no-store'))).toBe(false);
    });
});

describe('Vary', () => {
    it('names fields once, in any case; a star among them fits nobody', () => {
        expect(fieldsOfVary('B, a ,,b')).toEqual(['a', 'b']);
        for (const star of ['*', '*, *', ', *', 'a, *']) expect(fieldsOfVary(star)).toBe('*');
        const many = Array.from({ length: 33 }, (_, index) => `x${index}`);
        expect([fieldsOfVary(many.slice(1).join()).length, fieldsOfVary(many.join())]).toEqual([32, '*']);
        expect(selectingOf(undefined, { a: '1' })).toEqual([]);
    });

    it.each<[string, HeaderMap, HeaderMap, boolean]>([
        ['foo', { foo: '1' }, { foo: '1', bar: '2' }, true],
        ['foo', { foo: '1' }, { foo: '2' }, false],
        ['foo', { foo: '1' }, {}, false],
        ['foo, bar', { foo: '1' }, { foo: '1' }, true],
        ['foo', { foo: '1, 2' }, { foo: ' 1,2 ' }, true],
        ['foo', { foo: 'a, b' }, { foo: 'b, a' }, false],
        ['foo', { foo: '"a, b"' }, { foo: '"a,b"' }, false],
        ['accept-language', { 'accept-language': 'en, de' }, { 'accept-language': 'DE,eN' }, true],
        ['accept-language', { 'accept-language': 'en, de' }, { 'accept-language': 'de;q=0.5, en' }, false],
    ])('on %s: stored for %o, asked with %o: %s', (vary, stored, asked, expected) => {
        expect(isSelected(selectingOf(vary, stored), undefined, asked)).toBe(expected);
    });

    it.each([
        ['fr;q=0.5, DE;q=1.0', true],
        ['fr, de', false],
        ['de;q=0', false],
        ['*', false],
        ['fr', false],
    ])('on the language, with a response in German stored, asked for %s: %s', (wanted, expected) => {
        const selecting = selectingOf('accept-language', { 'accept-language': 'en, de' });
        expect(isSelected(selecting, 'de', { 'accept-language': wanted })).toBe(expected);
    });
});

describe('a 304', () => {
    it('renews fields, but not those of the body, and its age starts anew', () => {
        const stored = { a: '1', b: '2', age: '9', 'content-length': '5', 'content-encoding': 'gzip' };
        const received = { b: '3', 'content-length': '0', 'content-encoding': 'br', 'content-range': 'x' };
        expect(freshenedFields(stored, received)).toEqual({
            a: '1',
            b: '3',
            'content-length': '5',
            'content-encoding': 'gzip',
        });
    });

    const modified = (text: string): HeaderMap => ({ 'last-modified': text });
    it.each<[HeaderMap, HeaderMap, boolean]>([
        [{ etag: '"1"' }, { etag: '"1"' }, true],
        [{ etag: '"1"' }, { etag: '"2"' }, false],
        [{ etag: 'W/"1"' }, { etag: '"1"' }, false],
        [{ etag: '"1"' }, { etag: 'W/"1"' }, true],
        [{}, { etag: 'W/"1"' }, false],
        [{ etag: '"1"' }, {}, true],
        [{}, modified('Sun, 06 Nov 1994 08:49:37 GMT'), true],
        [modified('Sunday, 06-Nov-94 08:49:37 GMT'), modified('Sun, 06 Nov 1994 08:49:37 GMT'), true],
        [modified('Sun, 06 Nov 1994 08:49:38 GMT'), modified('Sun, 06 Nov 1994 08:49:37 GMT'), false],
        [modified('x'), modified('y'), false],
    ])('about %o that names %o speaks of what is stored: %s', (stored, received, expected) => {
        expect(selectsStored(stored, received)).toBe(expected);
    });

    it('is asked for by all validators', () => {
        expect(validationFields({ etag: '"1"', 'last-modified': 'x' })).toEqual({
            'if-none-match': '"1"',
            'if-modified-since': 'x',
        });
        expect(validationFields({})).toEqual({});
    });

    it('and a HEAD tell the same or another object by validators and length', () => {
        const stored = { etag: '"1"', ...modified('x') };
        expect(isSameAsHead(stored, 5, {})).toBe(true);
        expect(isSameAsHead(stored, 5, { ...stored, 'content-length': '5' })).toBe(true);
        expect(isSameAsHead(stored, 5, { 'content-length': '6' })).toBe(false);
        expect(isSameAsHead(stored, 5, { etag: '"2"' })).toBe(false);
        expect(isSameAsHead(stored, 5, modified('y'))).toBe(false);
        expect(isSameAsHead({}, 5, modified('y'))).toBe(false);
    });
});

describe('an answer to an unsafe method', () => {
    const paths = (status: number, headers: HeaderMap): string[] =>
        invalidatedPaths('http://o', '/a/b?q=1', status, headers);

    it('makes its target and what it names of the same origin invalid, if it tells of success', () => {
        expect(paths(200, {})).toEqual(['/a/b?q=1']);
        const headers = { location: 'c', 'content-location': 'http://o/d?x' };
        expect(paths(201, headers)).toEqual(['/a/b?q=1', '/a/c', '/d?x']);
        expect(paths(302, { location: 'http://other/c', 'content-location': '//other/d' })).toEqual(['/a/b?q=1']);
        expect(paths(201, { location: 'http://[' })).toEqual(['/a/b?q=1']);
        expect([400, 500].flatMap((status) => paths(status, headers))).toEqual([]);
    });

    it('is any answer to a method that is not known to be safe', () => {
        expect(['GET', 'HEAD', 'OPTIONS', 'TRACE'].every(isSafe)).toBe(true);
        expect(['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'FOO'].some(isSafe)).toBe(false);
        expect(sameOriginPath('http://o', '/a', '')).toBe('/a');
    });
});
