import { readdirSync, readFileSync } from 'node:fs';
import { IDLS } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const tests = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && file !== 'errors.test.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');

/** Numbers are never used again, so that an error which nothing raises any more keeps its place. */
const RETIRED = ['NotSettlement'];

describe('the registry', () => {
    it.each(IDLS.registry.errors.map(({ name }) => name).filter((name) => !RETIRED.includes(name)))(
        'has a test of its refusal %s',
        (name) => {
            expect(tests.includes(`'${name}'`)).toBe(true);
        },
    );

    it('numbers its errors without gaps from 6000', () => {
        const codes = IDLS.registry.errors.map(({ code }) => code);
        expect(codes).toEqual(codes.map((_, place) => 6_000 + place));
    });
});
