import { parseLogFile } from '@ocm/sdk/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeConfig } from '../src/index.js';
import { nameGroups } from '../src/log/groups.js';
import { AFTER_EPOCH_MS, evidenceOf, fileOf, filesOf, OBJECT_BYTES, setUpLogs } from './log-support.js';
import { ask, Cleanup, OPERATOR_SECRET, Viewer, type World } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const sessionsOf = (groups: readonly number[]) =>
    groups.map((clientGroup, index) => ({ hash: `s${index}`, token: { clientGroup } }) as never);

/** Sessions that one name covers, by name. */
function sizesOf(names: ReadonlyMap<string, string>): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const name of names.values()) sizes.set(name, (sizes.get(name) ?? 0) + 1);
    return sizes;
}

describe('the groups of a log', () => {
    it('have k sessions each, or are all one', () => {
        const groups = fc.array(fc.nat(6), { maxLength: 60 });
        fc.assert(
            fc.property(groups, fc.integer({ min: 1, max: 12 }), (clientGroups, k) => {
                const names = nameGroups(sessionsOf(clientGroups), k);
                expect(names.size).toBe(clientGroups.length);
                const sizes = sizesOf(names);
                if (sizes.size > 1) for (const size of sizes.values()) expect(size).toBeGreaterThanOrEqual(k);
                else expect([...sizes.keys()].every((name) => name === '0' || clientGroups.length >= k)).toBe(true);
            }),
        );
    });

    it('keep their name from k on, and take a larger one in when what was merged is too small', () => {
        expect(sizesOf(nameGroups(sessionsOf([7, 7, 7, 8, 8, 8, 8]), 3))).toEqual(
            new Map([
                ['7', 3],
                ['8', 4],
            ]),
        );
        expect(sizesOf(nameGroups(sessionsOf([7, 7, 7, 8, 8, 8, 8, 9]), 3))).toEqual(
            new Map([
                ['0', 4],
                ['8', 4],
            ]),
        );
        expect(sizesOf(nameGroups(sessionsOf([7, 7, 9, 9]), 3))).toEqual(new Map([['0', 4]]));
    });
});

async function serve(world: World, url: string, clientGroup: number, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
        const viewer = new Viewer(world, { clientGroup });
        await viewer.open(url);
        await viewer.get(url, '/s/1.ts');
        await viewer.acknowledge(url, { bytes: BigInt(OBJECT_BYTES) });
    }
}

describe('what leaves a node', () => {
    it('names no group below k, neither in the file nor in the evidence', async () => {
        const { world, node, clock } = await setUpLogs(cleanup, { minGroupSize: 3, allowsSmallGroups: true });
        await serve(world, node.url, 7001, 2);
        await serve(world, node.url, 7002, 3);
        await serve(world, node.url, 7003, 1);
        await serve(world, node.url, 7004, 2);
        // Opened and never served: it stands in no record, so it hides nobody.
        await new Viewer(world, { clientGroup: 7001 }).open(node.url);
        clock.shiftMs = AFTER_EPOCH_MS;
        const { sessions } = await evidenceOf(node.url, world);
        const [file] = await filesOf(node.url);
        const { records } = parseLogFile((await fileOf(node.url, file?.name ?? '')).body.toString());
        const inFile = records.map((record) => record['c-groupid']).sort();
        expect(inFile).toEqual(['0', '0', '0', '0', '0', '7002', '7002', '7002']);
        const inEvidence = sessions.flatMap(({ records: lines }) =>
            lines.flatMap(({ fields }) => fields.filter(({ name }) => name === 'c-groupid').map(({ value }) => value)),
        );
        expect(inEvidence.sort()).toEqual(inFile);
    });

    it('names none of three viewers by default, and still has their evidence', async () => {
        const { world, node, clock } = await setUpLogs(cleanup);
        await serve(world, node.url, 7001, 3);
        await ask(node.url, '/s/1.ts');
        clock.shiftMs = AFTER_EPOCH_MS;
        const { sessions, unreceiptedBytes } = await evidenceOf(node.url, world);
        expect([sessions.length, unreceiptedBytes]).toEqual([3, String(OBJECT_BYTES)]);
        const [file] = await filesOf(node.url);
        const text = (await fileOf(node.url, file?.name ?? '')).body.toString();
        expect(parseLogFile(text).records.map((record) => record['c-groupid'])).toEqual(['0', '0', '0', 'unkeyed']);
        expect(text).not.toContain('7001');
    });

    it('may name small groups only where the config says that it is a demonstration', () => {
        const parse = (log: object) =>
            nodeConfig.safeParse({
                role: 'relay',
                node: '11111111111111111111111111111111',
                rpcUrl: 'http://127.0.0.1:8899',
                dataDir: '/tmp/x',
                listen: { port: 0 },
                parentUrl: 'http://127.0.0.1:1',
                operatorSecret: OPERATOR_SECRET,
                log,
            });
        expect(parse({}).data?.log.minGroupSize).toBe(50);
        expect(parse({ minGroupSize: 49 }).error?.issues[0]?.message).toContain('points at persons');
        expect(parse({ minGroupSize: 49, allowsSmallGroups: true }).success).toBe(true);
    });
});
