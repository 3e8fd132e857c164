import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { MAX_TARGET_BYTES } from '../src/cache/target.js';
import { DEFAULT_LIMITS } from '../src/cache/upstream.js';
import { HTTP_LIMITS, httpLimits } from '../src/http/limits.js';
import { MAX_TOPOLOGY_AGE_MS } from '../src/ops/readiness.js';

const text = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');
const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));
const limitOf = (name: string): string | undefined => rows.find(([first]) => first === name)?.[1];

describe('docs/limits.md', () => {
    it('lists every limit of the config with its default and its meaning, in the order of the code', () => {
        const listed = rows.filter(([first]) => first?.startsWith('`'));
        const shape = httpLimits.shape as Record<string, z.ZodType>;
        const coded = Object.entries(HTTP_LIMITS).map(([name, value]) => [
            `\`${name}\``,
            JSON.stringify(value),
            shape[name]?.description,
        ]);
        expect(listed).toEqual(coded);
    });

    it('tells the fixed limits as they are', () => {
        expect(limitOf('request target')).toBe(`${MAX_TARGET_BYTES} bytes`);
        expect(limitOf('parent: connect')).toBe(`${DEFAULT_LIMITS.connectTimeoutMs} ms`);
        expect(limitOf('parent: header section')).toBe(`${DEFAULT_LIMITS.headersTimeoutMs} ms`);
        expect(limitOf('parent: silence in a body')).toBe(`${DEFAULT_LIMITS.bodyIdleTimeoutMs} ms`);
        expect(limitOf('parent: connections')).toBe(`${DEFAULT_LIMITS.connections}`);
        expect(limitOf('chain view')).toBe(`${MAX_TOPOLOGY_AGE_MS / 1000} s`);
    });

    it('names tests that there are', () => {
        const named = [...text.matchAll(/`(hostile-[a-z0-9]+)`/g)].map(([, name]) => name ?? '');
        expect(new Set(named).size).toBeGreaterThan(5);
        for (const name of named) expect(existsSync(new URL(`./${name}.test.ts`, import.meta.url)), name).toBe(true);
    });
});
