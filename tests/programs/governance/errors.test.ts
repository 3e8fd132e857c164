import { readdirSync, readFileSync } from 'node:fs';
import { IDLS } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const tests = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && file !== 'errors.test.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');

describe('the governance program', () => {
    it.each(IDLS.governance.errors.map(({ name }) => name))('has a test of its refusal %s', (name) => {
        expect(tests.includes(`'${name}'`)).toBe(true);
    });

    it('numbers its errors without gaps from 6000', () => {
        const codes = IDLS.governance.errors.map(({ code }) => code);
        expect(codes).toEqual(codes.map((_, place) => 6_000 + place));
    });
});
