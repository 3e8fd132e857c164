import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorOf, describePlace, describeType } from './idl-names.mjs';
import { renderProgram } from './program-page.mjs';

const folder = new URL('../../sdk/idl/', import.meta.url);
const idls = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
const pages = new Map<string, string>(idls.map((idl) => [`${idl.metadata.name}.md`, renderProgram(idl, idls)]));
const headingsOf = (page: string) => [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading ?? '');

describe.each(idls.map((idl) => [idl.metadata.name as string, idl]))('the page of %s', (name, idl) => {
    const page = pages.get(`${name}.md`) ?? '';

    it('has a place for every instruction, account and event, and a row for every error', () => {
        const named = [...idl.instructions, ...idl.accounts, ...idl.events].map((item: { name: string }) => item.name);
        expect(headingsOf(page)).toEqual(expect.arrayContaining(named));
        for (const { code, name: error } of idl.errors) expect(page).toContain(`| ${code} | ${error} | `);
    });
    it('links only to places that there are, one of each name', () => {
        const links = [...page.matchAll(/\]\(([^#)]*)#([^)]*)\)/g)];
        expect(links.length).toBeGreaterThan(0);
        for (const [, file, anchor] of links) {
            const anchors = headingsOf(file ? (pages.get(file) ?? '') : page).map(anchorOf);
            expect(anchors.filter((candidate) => candidate === anchor)).toEqual([anchor]);
        }
    });
    it('has tables without a broken row', () => {
        for (const [table] of page.matchAll(/(?:^\|.*\|\n)+/gm)) {
            const widths = table
                .trim()
                .split('\n')
                .map((row) => row.split(/(?<!\\)\|/).length);
            expect(new Set(widths).size).toBe(1);
        }
    });
});

describe('describePlace', () => {
    const [market] = idls.filter((idl) => idl.metadata.name === 'market');
    const bytes = (text: string) => [...new TextEncoder().encode(text)];
    it.each([
        [
            'seeds',
            {
                name: 'x',
                pda: {
                    seeds: [
                        { kind: 'const', value: bytes('a|b') },
                        { kind: 'arg', path: 'args.i' },
                    ],
                },
            },
            '`["a\\|b", args.i]`',
        ],
        ['seeds of bytes', { name: 'x', pda: { seeds: [{ kind: 'const', value: [1, 255] }] } }, '`[0x01ff]`'],
        ['a relation', { name: 'x', relations: ['a', 'b'] }, 'the one that `a` and `b` names'],
        ['another program', { name: 'x', address: market.address }, `market, \`${market.address}\``],
        [
            'an unknown address',
            { name: 'x', address: '4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM' },
            '`4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM`',
        ],
        ['a signing authority', { name: 'market_authority' }, '`["authority"]` of market'],
        ['an account by its type', { name: 'offer' }, '[Offer](#offer)'],
        ['an account of another program', { name: 'node' }, '[Node](registry.md#node)'],
        ['nothing', { name: 'payer' }, ''],
    ])('tells %s', (_what, account, expected) => {
        expect(describePlace(account, market, idls)).toBe(expected);
    });
});

describe('describeType', () => {
    it('spells nested types out', () => {
        const type = { vec: { option: { array: [{ defined: { name: 'Split' } }, 8] } } };
        expect(describeType(type)).toBe('list of 8 × [Split](#split) or none');
    });
});
