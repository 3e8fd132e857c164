import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
/** Transport, validation, the command line and a curve: nothing that knows the protocol. */
const ALLOWED = ['@noble/curves/ed25519.js', '@solana/web3.js', 'commander', 'zod'];

const IDL_FILES = ['@ocm/sdk/idl/$', '{name}.json'].join('');

describe('the verifier', () => {
    it('imports nothing of ours: it shares no code with what it judges', () => {
        const specifiers = files.flatMap((name) => {
            const text = readFileSync(join(SOURCES, name), 'utf8');
            return [...text.matchAll(/(?<!\.)(?:from|import|require)\s*\(?\s*[`'"]([^`'"]+)[`'"]/g)].map(
                ([, specifier]) => specifier,
            );
        });
        const foreign = specifiers.filter(
            (specifier) => !specifier?.startsWith('.') && !specifier?.startsWith('node:'),
        );
        expect(new Set(foreign)).toEqual(new Set([...ALLOWED, IDL_FILES]));
    });

    it('reaches no file outside of its folder', () => {
        for (const name of files) {
            const depth = name.split(/[\\/]/).length;
            const text = readFileSync(join(SOURCES, name), 'utf8');
            expect(text, name).not.toContain(`from '${'../'.repeat(depth)}`);
        }
    });
});
