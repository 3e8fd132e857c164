import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClientGroups } from '../src/client-groups.js';
import { Pseudonyms } from '../src/tokens/pseudonyms.js';

let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-groups-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const groupsPath = () => join(folder, 'groups.json');
const DAY_SECS = 86_400;
const member = (prefix: number, client: number, contract = 'a', nowSecs = 1_000) => ({
    contract,
    prefix: `p${prefix}`,
    client: `c${prefix}/${client}`,
    nowSecs,
});

describe('client groups', () => {
    it('take in prefixes until they have 50 clients, and then begin another', async () => {
        const groups = await openClientGroups({ path: groupsPath() });
        const first = new Set<number>();
        for (let place = 0; place < 50; place += 1) first.add(await groups.assign(member(place, 0)));
        expect(first.size).toBe(1);
        const second = await groups.assign(member(50, 0));
        expect(first.has(second)).toBe(false);
        expect(second).toBeGreaterThan(0);
    });

    it('never divide a prefix, however many clients it has', async () => {
        const groups = await openClientGroups({ path: groupsPath() });
        const ids = new Set<number>();
        for (let client = 0; client < 300; client += 1) ids.add(await groups.assign(member(1, client)));
        expect(ids.size).toBe(1);
        expect(ids.has(await groups.assign(member(2, 0)))).toBe(false);
        expect(ids.has(await groups.assign(member(1, 999)))).toBe(true);
    });

    it('count a client once, however often it comes', async () => {
        const groups = await openClientGroups({ path: groupsPath() });
        const group = await groups.assign(member(1, 0));
        for (let time = 0; time < 60; time += 1) await groups.assign(member(1, 0));
        expect(await groups.assign(member(2, 0))).toBe(group);
    });

    it('are of one contract and of one day, and stay over a restart', async () => {
        const groups = await openClientGroups({ path: groupsPath() });
        const group = await groups.assign(member(1, 0));
        expect(await groups.assign(member(1, 0, 'b'))).not.toBe(group);
        const again = await openClientGroups({ path: groupsPath() });
        expect(await again.assign(member(1, 0))).toBe(group);
        // The newest group goes on after a restart and becomes larger, never smaller.
        expect(await again.assign(member(2, 0))).toBe(group);
        expect(await again.assign(member(1, 0, 'a', DAY_SECS - 1))).toBe(group);
        expect(await again.assign(member(1, 0, 'a', DAY_SECS))).not.toBe(group);
    });

    it('are deleted when their day is over', async () => {
        const groups = await openClientGroups({ path: groupsPath() });
        await groups.assign(member(1, 0));
        await groups.forget(DAY_SECS - 1);
        expect(await readFile(groupsPath(), 'utf8')).toContain('p1');
        await groups.forget(DAY_SECS);
        expect(await readFile(groupsPath(), 'utf8')).not.toContain('p1');
    });

    it('say which file to remove when it is not theirs', async () => {
        await writeFile(groupsPath(), '{"version":1,"tables":[{"contract":1}]}');
        await expect(openClientGroups({ path: groupsPath() })).rejects.toMatchObject({
            code: 'MKT_PROVIDER__GROUP_TABLE_UNREADABLE',
            message: expect.stringContaining(groupsPath()),
        });
    });
});

describe('pseudonyms', () => {
    const path = () => join(folder, 'pseudonyms.json');

    it('are the same within a scope, also after a restart, and unrelated in any other', async () => {
        const pseudonyms = await Pseudonyms.open(path());
        const first = await pseudonyms.of('a', 10, '192.0.2');
        expect(first).toMatch(/^[0-9a-f]{32}$/);
        expect(await pseudonyms.of('a', 10, '192.0.2')).toBe(first);
        expect(await pseudonyms.of('a', 10, '192.0.3')).not.toBe(first);
        expect(await pseudonyms.of('b', 10, '192.0.2')).not.toBe(first);
        expect(await (await Pseudonyms.open(path())).of('a', 10, '192.0.2')).toBe(first);
    });

    it('cannot be made again once their time is over', async () => {
        const pseudonyms = await Pseudonyms.open(path());
        const [first, later] = [await pseudonyms.of('a', 10, 'x'), await pseudonyms.of('b', 11, 'x')];
        expect(await pseudonyms.forget(9)).toBe(0);
        expect(await pseudonyms.forget(10)).toBe(1);
        const again = await Pseudonyms.open(path());
        expect(again.scopes).toEqual(['b']);
        expect(await again.of('a', 20, 'x')).not.toBe(first);
        expect(await again.of('b', 11, 'x')).toBe(later);
    });

    it('refuse a file that is not theirs without quoting it', async () => {
        await writeFile(path(), '{"secret":"abc"}');
        const refused = await Pseudonyms.open(path()).catch((error: Error) => error);
        expect(refused).toMatchObject({ code: 'MKT_PROVIDER__PSEUDONYM_KEYS_UNREADABLE' });
        expect(String(refused)).not.toContain('abc');
    });
});
