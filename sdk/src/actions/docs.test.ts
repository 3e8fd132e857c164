// biome-ignore lint/style/noRestrictedImports: reads the sources, in Node only
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Export, listExports, listFiles, readTag } from '../../test/docblocks.js';
import * as actions from './index.js';

const ACTION_NAME = /^get\w+Instructions$/;
const here = new URL('./', import.meta.url);
const sdkSource = new URL('../', here);
const idlFolder = new URL('../../idl/', here);

interface Idl {
    readonly instructions: readonly { readonly name: string; readonly docs?: readonly string[] }[];
}

/** What keeps a docblock of an action from being one, a sentence each. */
function listGaps({ name, docs }: Export, knownCodes: ReadonlySet<string>): string[] {
    const gaps: string[] = [];
    if (/^(@|$)/.test(docs)) gaps.push('says nothing of what it does');
    const throws = readTag(docs, 'throws');
    const codes = throws?.match(/MKT_\w+/g) ?? [];
    if (codes.length === 0) gaps.push('has no @throws with the code of an error');
    // `MKT_CORE__*` stands for all codes that begin so.
    const isKnown = (code: string) =>
        [...knownCodes].some((known) => known === code || (code.endsWith('__') && known.startsWith(code)));
    for (const code of codes) if (!isKnown(code)) gaps.push(`throws ${code}, which no source raises`);
    const example = readTag(docs, 'example');
    if (!example) return [...gaps, 'has no @example'];
    const { diagnostics = [] } = ts.transpileModule(example, { reportDiagnostics: true });
    if (diagnostics.length > 0) gaps.push('has an @example that does not parse');
    if (!example.includes(`${name}(`)) gaps.push('has an @example that does not call it');
    return gaps;
}

const read = (url: URL) => readFileSync(url, 'utf8');
const exported = listFiles(here).flatMap((url) => listExports(url.href.slice(here.href.length), read(url)));
const found = exported.filter(({ name }) => ACTION_NAME.test(name));
const knownCodes = new Set(
    listFiles(sdkSource).flatMap((url) =>
        url.href.startsWith(here.href) ? [] : (read(url).match(/MKT_[A-Z]+__[A-Z0-9_]+/g) ?? []),
    ),
);

describe('actions', () => {
    it.each(found.map((action) => [action.path, action.name, action] as const))(
        '%s documents %s',
        (_path, _name, action) => {
            expect(listGaps(action, knownCodes)).toEqual([]);
        },
    );
    it('have nothing undocumented beside them', () => {
        expect(exported.filter(({ docs }) => docs === '').map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
    });
});

describe('instructions of the programs', () => {
    const instructions = readdirSync(idlFolder).flatMap((file) => {
        const { instructions } = JSON.parse(read(new URL(file, idlFolder))) as Idl;
        return instructions.map(({ name, docs = [] }) => ({
            program: file.replace('.json', ''),
            name,
            docs: docs.join(' '),
        }));
    });
    // What only another program may call says so, and no user could send it.
    const forUsers = instructions.filter(({ docs }) => !/\bCalled by the \w+ program\b/.test(docs));
    const pascalCase = (name: string) =>
        name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

    it.each(forUsers.map(({ program, name }) => [program, name]))('%s %s has an action', (program, name) => {
        const action = `get${pascalCase(name)}Instructions`;
        // Names alone: the difference between all docblocks and one is more than a process can hold.
        expect(found.map((one) => `${one.path}: ${one.name}`)).toContain(
            `${program}/${name.replaceAll('_', '-')}.ts: ${action}`,
        );
        expect(actions).toHaveProperty(action, expect.any(Function));
    });
    it('are told apart: some are for users, some for programs only', () => {
        expect(forUsers.length).toBeGreaterThan(0);
        expect(forUsers.length).toBeLessThan(instructions.length);
    });
});

describe('the check itself', () => {
    const gapsOf = (docs: string) => listGaps({ path: '', name: 'getXInstructions', docs }, new Set(['MKT_SDK__BAD']));
    const throws = '@throws MarketplaceError MKT_SDK__BAD for that.';
    const example = '@example const x = await getXInstructions({ a });';
    it.each([
        ['nothing', '', 3],
        ['tags alone', `${throws}\n${example}`, 1],
        ['no @throws', `Does.\n\n${example}`, 1],
        ['no code', `Does.\n\n@throws Error always.\n${example}`, 1],
        ['an unknown code', `Does.\n\n@throws MarketplaceError MKT_SDK__GOOD.\n${example}`, 1],
        ['no @example', `Does.\n\n${throws}`, 1],
        ['an empty @example', `Does.\n\n@example\n${throws}`, 1],
        ['an @example of something else', `Does.\n\n${throws}\n@example getYInstructions({ a });`, 1],
        ['an @example that does not parse', `Does.\n\n${throws}\n@example getXInstructions({ a );`, 1],
        ['everything', `Does.\n\n${throws}\n${example}`, 0],
        [
            'everything, over lines',
            `Does.\n\n@throws MarketplaceError\nMKT_SDK__* and\nmore.\n@example\nawait getXInstructions({\n a,\n});`,
            0,
        ],
    ])('finds the gaps of a docblock with %s', (_what, docs, count) => {
        expect(gapsOf(docs)).toHaveLength(count);
    });
});
