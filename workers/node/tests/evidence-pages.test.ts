import { cp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
    decodeLeaf,
    encodeRecord,
    fromBase64,
    fromHex,
    hashToken,
    logFieldId,
    toHex,
    verifyRange,
} from '@ocm/sdk/core';
import { evidencePage, type RecordPage, recordPage } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { AFTER_EPOCH_MS, evidenceOf, evidencePath, type LogSetup, setUpLogs } from './log-support.js';
import { ask, Cleanup, codeOf, operator, sha256, startTestNode, tempDir, Viewer, type World } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const VIEWERS = 5;
const RECORDS = 7;

/** Viewers that take turns, and one that signs for nothing. */
async function serveViewers({ world, node, clock }: LogSetup): Promise<Viewer[]> {
    const viewers = Array.from({ length: VIEWERS }, () => new Viewer(world));
    const silent = new Viewer(world);
    for (const viewer of [...viewers, silent]) await viewer.open(node.url);
    for (let index = 0; index < RECORDS; index += 1)
        for (const viewer of [...viewers, silent]) await viewer.get(node.url, `/s/${index}.ts`);
    for (const viewer of viewers) await viewer.acknowledge(node.url, { bytes: BigInt(1_000 * RECORDS) });
    clock.shiftMs = AFTER_EPOCH_MS;
    return viewers;
}

async function read(url: string, world: World, rest: string): Promise<unknown> {
    const answer = await ask(url, evidencePath(world) + rest, { headers: operator });
    return JSON.parse(answer.body.toString());
}
const isProved = ({ leaf, from, recordCount: size, records, path }: RecordPage): boolean =>
    verifyRange({
        root: decodeLeaf(fromBase64(leaf)).logRoot,
        from,
        size,
        path: path.map(fromHex),
        entries: records.map(({ fields }) =>
            encodeRecord(
                fields.map(({ name, value, salt }) => ({ value, salt: fromHex(salt), fieldId: logFieldId(name) })),
            ),
        ),
    });

describe('pages of sessions', () => {
    it('hold no record, ascend by token hash, and are the same after a restart in mid-traversal', async () => {
        const setup = await setUpLogs(cleanup);
        const { world, node, dataDir, parentUrl } = setup;
        const viewers = await serveViewers(setup);
        const first = evidencePage.parse(await read(node.url, world, '?limit=2'));
        const whole = evidencePage.parse(await read(node.url, world, ''));
        expect(JSON.stringify(whole)).not.toContain('/s/');
        const keys = whole.sessions.map(({ token }) => toHex(hashToken(fromBase64(token))));
        expect(keys).toEqual(viewers.map(({ session }) => session).sort());
        expect(whole).toMatchObject({ next: null, sessions: Array(VIEWERS).fill({ recordCount: RECORDS }) });
        await node.stop();

        const copy = await tempDir();
        await cp(dataDir, copy, { recursive: true });
        // Whether what was made of the journal is still there, damaged, or gone.
        const folder = join(copy, 'epochs', `${world.contract.address}-0`);
        for (const harm of [
            async () => undefined,
            () => rm(join(folder, 'evidence.json')),
            () => flipByte(join(folder, 'evidence.sessions'), 300),
            () => flipByte(join(folder, 'evidence.places'), 20),
            () => flipByte(join(folder, 'evidence.places'), 4),
            () => flipByte(join(folder, 'evidence.places'), 15),
            () => rm(join(folder, 'evidence.places')),
        ]) {
            await harm();
            const deps = { now: () => Date.now() + AFTER_EPOCH_MS };
            const again = await startTestNode({ world, parentUrl, dataDir: copy, deps });
            const sessions = [...first.sessions];
            for (let next = first.next; next !== null; ) {
                const page = evidencePage.parse(await read(again.url, world, `?limit=2&after=${next}`));
                sessions.push(...page.sessions);
                next = page.next;
            }
            expect(sessions).toEqual(whole.sessions);
            for (const { session } of viewers)
                expect(isProved(recordPage.parse(await read(again.url, world, `/${session}`)))).toBe(true);
            await again.stop();
        }
    });

    it('are refused for a cursor or a size that is none', async () => {
        const setup = await setUpLogs(cleanup);
        const { world, node } = setup;
        await serveViewers(setup);
        for (const query of ['?limit=0', '?limit=2001', '?limit=x', '?after=zz', '?after=', '?other=1', '/..', '/AA']) {
            const refused = await ask(node.url, evidencePath(world) + query, { headers: operator });
            expect([query, refused.status]).toEqual([query, 400]);
            expect(codeOf(refused)).toMatch(/^MKT_NODE__(QUERY|PATH)_INVALID$/);
        }
        const end = evidencePage.parse(await read(node.url, world, `?after=${'f'.repeat(64)}`));
        expect([end.sessions, end.next]).toEqual([[], null]);
        expect((await ask(node.url, evidencePath(world))).status).toBe(401);
    });
});

describe('pages of records', () => {
    it("are those of one session, each page proved by its leaf's log root", async () => {
        const setup = await setUpLogs(cleanup);
        const { world, node } = setup;
        const viewers = await serveViewers(setup);
        const whole = await evidenceOf(node.url, world);
        for (const { session } of viewers) {
            const own = whole.sessions.find(({ token }) => sha256(fromBase64(token)) === session);
            for (const limit of [1, 3, RECORDS]) {
                const uris: unknown[] = [];
                for (let from: number | null = 0; from !== null; ) {
                    const page = recordPage.parse(
                        await read(node.url, world, `/${session}?from=${from}&limit=${limit}`),
                    );
                    expect(isProved(page)).toBe(true);
                    expect(isProved({ ...page, from: page.from + 1 })).toBe(false);
                    uris.push(...page.records);
                    from = page.next;
                }
                expect(uris).toEqual(own?.records);
            }
        }
    });

    it('are unknown for sessions without a receipt, other tokens, and an index beyond the last', async () => {
        const setup = await setUpLogs(cleanup);
        const { world, node } = setup;
        const [viewer] = await serveViewers(setup);
        const codeFor = async (rest: string) => {
            const refused = await ask(node.url, evidencePath(world) + rest, { headers: operator });
            return [refused.status, codeOf(refused)];
        };
        const unknown = [404, 'MKT_NODE__SESSION_NOT_EVIDENCED'];
        for (const session of ['0'.repeat(64), 'f'.repeat(64), sha256('nobody')])
            expect(await codeFor(`/${session}`)).toEqual(unknown);
        expect(await codeFor(`/${viewer?.session}?from=${RECORDS}`)).toEqual([404, 'MKT_NODE__RECORD_UNKNOWN']);
        expect(await codeFor(`/${viewer?.session}?from=-1`)).toEqual([400, 'MKT_NODE__QUERY_INVALID']);
        expect((await ask(node.url, `${evidencePath(world)}/${viewer?.session}`)).status).toBe(401);
    });
});

async function flipByte(path: string, at: number): Promise<void> {
    const value = (await readFile(path))[at] ?? 0;
    const handle = await open(path, 'r+');
    await handle.write(Uint8Array.of(value ^ 0xff), 0, 1, at);
    await handle.close();
}
