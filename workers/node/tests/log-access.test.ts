import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { LOG_FEED_NAMESPACE, LOG_FEEDS_PATH, LOGS_PATH } from '@ocm/sdk/http';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, describe, expect, it } from 'vitest';
import { formatFeed } from '../src/log/feed.js';
import type { EpochSummary } from '../src/log/summary.js';
import { AFTER_EPOCH_MS, evidenceOf, fileOf, filesOf, type LogSetup, setUpLogs } from './log-support.js';
import { ask, Cleanup, codeOf, named, operator, sha256, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const parse = (text: string) => {
    expect(XMLValidator.validate(text)).toBe(true);
    return new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' || name === 'link' }).parse(
        text,
    ).feed;
};
async function withFile(log: Record<string, unknown> = {}): Promise<LogSetup & { contract: string; feed: string }> {
    const setup = await setUpLogs(cleanup, log);
    await ask(setup.node.url, '/s/1.ts');
    await until(() => setup.node.status.read().requests === 1, 'recorded');
    setup.clock.shiftMs = AFTER_EPOCH_MS;
    await evidenceOf(setup.node.url, setup.world);
    const contract = setup.world.contract.address;
    return { ...setup, contract, feed: `${LOG_FEEDS_PATH}/${contract}` };
}

describe('the feed of a contract', () => {
    it('is Atom, names each file by UUID, size and digest, and leads to it', async () => {
        const { node, feed, contract } = await withFile();
        const answer = await ask(node.url, feed, { headers: operator });
        expect(answer.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
        const parsed = parse(answer.body.toString());
        expect(parsed['@_xmlns']).toBe('http://www.w3.org/2005/Atom');
        expect(parsed['@_xmlns:ocm']).toBe(LOG_FEED_NAMESPACE);
        const [entry] = parsed.entry;
        const file = await fileOf(node.url, `${contract}-0.log`);
        expect(entry.id).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
        expect(file.body.toString()).toContain(`#UUID:\t${entry.id}\r\n`);
        expect(entry.content).toEqual({
            '@_type': 'application/cdni; ptype=logging-file',
            '@_src': `${LOGS_PATH}/${contract}-0.log`,
        });
        expect([entry['ocm:bytes'], entry['ocm:sha256']]).toEqual([file.body.length, sha256(file.body)]);
        expect(Date.parse(entry.updated)).toBeGreaterThan(Date.now());
        expect(parsed.updated).toBe(entry.updated);
        const held = await ask(node.url, feed, {
            headers: { ...operator, 'if-none-match': String(answer.headers.etag) },
        });
        expect([held.status, held.body.length]).toEqual([304, 0]);
        for (const page of ['2', '0', '-1', '1e3', 'x', '99999999']) {
            expect((await ask(node.url, `${feed}?page=${page}`, { headers: operator })).status).toBe(404);
        }
    });

    it('is paged, newest first, and shows every file once', () => {
        const logFile = (epoch: number) => ({ name: `e${epoch}.log`, uuid: '', bytes: 1, records: 1, sha256: '' });
        const epochs = Array.from({ length: 120 }, (_, epoch) => ({
            epoch,
            sealedAtMs: epoch * 1000,
            logFiles: [logFile(epoch)],
        })) as unknown as EpochSummary[];
        const input = { node: named('node').address, contract: named('contract').address };
        const pages = [1, 2, 3].map((page) => parse(formatFeed({ ...input, epochs, page }) ?? ''));
        const titles = pages.flatMap((page) => page.entry.map((entry: { title: string }) => entry.title));
        expect(titles).toEqual(epochs.map(({ epoch }) => `e${epoch}.log`).reverse());
        const links = pages.map(({ link }) =>
            Object.fromEntries(link.map((item: Record<string, string>) => [item['@_rel'], item['@_href']?.at(-1)])),
        );
        expect(links).toEqual([
            { self: '1', first: '1', next: '2', last: '3' },
            { self: '2', first: '1', previous: '1', next: '3', last: '3' },
            { self: '3', first: '1', previous: '2', last: '3' },
        ]);
        expect(formatFeed({ ...input, epochs, page: 4 })).toBeNull();
        expect(parse(formatFeed({ ...input, epochs: [], page: 1 }) ?? '').entry).toBeUndefined();
    });
});

describe('a log file', () => {
    it('is had in parts, compressed, or not at all if it is held already', async () => {
        const { node, contract } = await withFile();
        const name = `${contract}-0.log`;
        const whole = await fileOf(node.url, name);
        expect(whole.headers).toMatchObject({ etag: `"${sha256(whole.body)}"`, 'accept-ranges': 'bytes' });
        const part = await fileOf(node.url, name, { range: 'bytes=10-19' });
        expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.body.length}`]);
        expect(part.body).toEqual(whole.body.subarray(10, 20));
        const tail = await fileOf(node.url, name, { range: 'bytes=-7', 'accept-encoding': 'gzip' });
        expect(tail.body).toEqual(whole.body.subarray(-7));
        expect((await fileOf(node.url, name, { range: `bytes=${whole.body.length}-` })).status).toBe(416);
        expect((await fileOf(node.url, name, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
        const zipped = await fileOf(node.url, name, { 'accept-encoding': 'br, gzip;q=0.5' });
        expect(zipped.headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(zipped.body)).toEqual(whole.body);
        expect(zipped.headers.etag).not.toBe(whole.headers.etag);
        expect((await fileOf(node.url, name, { 'accept-encoding': 'gzip;q=0' })).body).toEqual(whole.body);
        expect((await fileOf(node.url, name, { 'if-none-match': String(whole.headers.etag) })).status).toBe(304);
        const head = await ask(node.url, `${LOGS_PATH}/${name}`, { method: 'HEAD', headers: operator });
        expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
            200,
            String(whole.body.length),
            0,
        ]);
        expect((await ask(node.url, `${LOGS_PATH}/${name}`, { method: 'POST', headers: operator })).status).toBe(405);
    });
});

describe('a token for the logs of a contract', () => {
    it('opens that contract and nothing else', async () => {
        const own = randomBytes(32).toString('hex');
        const other = randomBytes(32).toString('hex');
        const { node, feed, contract, world } = await withFile({
            readTokens: [
                { contract: named('contract').address, tokenSha256: sha256(own) },
                { contract: named('second contract').address, tokenSha256: sha256(other) },
            ],
        });
        const as = (token: string) => ({ authorization: `Bearer ${token}` });
        const statusOf = async (path: string, token: string) =>
            (await ask(node.url, path, { headers: as(token) })).status;
        const file = `${LOGS_PATH}/${contract}-0.log`;
        expect(await filesOf(node.url, as(own))).toHaveLength(1);
        expect([await statusOf(feed, own), await statusOf(file, own)]).toEqual([200, 200]);
        expect(await filesOf(node.url, as(other))).toEqual([]);
        expect([await statusOf(feed, other), await statusOf(file, other)]).toEqual([403, 404]);
        const evidence = `/.well-known/ocm/operator/epochs/${world.contract.address}/0`;
        expect(await statusOf(evidence, own)).toBe(401);
        for (const wrong of ['', 'x', sha256(own), `${own}0`, own.slice(1)]) {
            const refused = await ask(node.url, file, { headers: as(wrong) });
            expect([refused.status, codeOf(refused)]).toEqual([401, 'MKT_NODE__READER_ONLY']);
        }
        expect((await ask(node.url, file)).status).toBe(401);
    });
});
