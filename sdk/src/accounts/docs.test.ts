// biome-ignore lint/style/noRestrictedImports: reads the sources, in Node only
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listExports, listFiles, readTag } from '../../test/docblocks.js';
import * as accounts from './index.js';

const here = new URL('./', import.meta.url);
const idlFolder = new URL('../../idl/', here);
const read = (url: URL) => readFileSync(url, 'utf8');

const readers = listFiles(here)
    .flatMap((url) => listExports(url.href.slice(here.href.length), read(url)))
    .filter(({ name }) => /^(fetch|list)[A-Z]/.test(name));
const accountNames = readdirSync(idlFolder).flatMap((file) =>
    (JSON.parse(read(new URL(file, idlFolder))) as { accounts?: { name: string }[] }).accounts?.map(({ name }) => name),
);

describe('accounts of the programs', () => {
    it.each(accountNames)('%s has a reader', (name) => {
        expect(accounts).toHaveProperty(`fetch${name}`, expect.any(Function));
    });
    it('are some', () => expect(accountNames.length).toBeGreaterThan(20));
});

describe('readers', () => {
    it.each(readers.map((reader) => [reader.path, reader.name, reader.docs] as const))(
        '%s documents %s, with an example that calls it',
        (_path, name, docs) => {
            expect(docs).not.toMatch(/^(@|$)/);
            expect(readTag(docs, 'throws')).toMatch(/./);
            expect(readTag(docs, 'example')).toContain(`${name}(`);
        },
    );
});
