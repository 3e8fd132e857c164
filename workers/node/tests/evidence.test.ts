import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { listen } from '@ocm/runtime';
import {
    buildSettlementTree,
    computeTreeHead,
    decodeLeaf,
    encodeRecord,
    fromBase64,
    fromHex,
    LOG_FIELDS,
    type LogFieldName,
    parseLogFile,
    toHex,
} from '@ocm/sdk/core';
import { EVIDENCE_PATH, LOGS_PATH, logFileList } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { type SentBytes, send } from '../src/http/send.js';
import { createNodeServer } from '../src/http/server.js';
import { deriveUuid } from '../src/log/log-file.js';
import { percentile95 } from '../src/log/sla.js';
import { evidenceOf, evidencePath } from './log-support.js';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    named,
    operator,
    raw,
    sha256,
    startOrigin,
    startTestNode,
    tempDir,
    until,
    Viewer,
    type World,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const object = randomBytes(100_000);
async function setUp(options: Parameters<typeof createWorld>[0] = {}): Promise<{
    world: World;
    node: Awaited<ReturnType<typeof startTestNode>>;
    dataDir: string;
    parentUrl: string;
    clock: { shiftMs: number };
}> {
    const from = await startOrigin((request, response) => {
        if (request.url === '/missing') {
            response.writeHead(404, { 'content-length': 4 });
            response.end('none');
            return;
        }
        response.writeHead(200, { 'content-length': object.length, 'cache-control': 'max-age=600' });
        response.end(object);
    });
    cleanup.add(() => from.close());
    const world = createWorld(options);
    const dataDir = await tempDir();
    const clock = { shiftMs: 0 };
    const deps = { now: () => Date.now() + clock.shiftMs };
    const node = await startTestNode({ world, parentUrl: from.url, dataDir, deps });
    cleanup.add(() => node.stop());
    return { world, node, dataDir, parentUrl: from.url, clock };
}
const AFTER_EPOCH_MS = (3600 + 601) * 1000;

describe('the evidence of an epoch', () => {
    it('is refused while the epoch takes receipts, and is whole when it is closed', async () => {
        const { world, node, clock } = await setUp();
        const [one, two, silent] = [new Viewer(world), new Viewer(world), new Viewer(world)];
        for (const viewer of [one, two, silent]) await viewer.open(node.url);
        await one.get(node.url, '/s/1.ts?token=secret');
        await one.get(node.url, '/s/2.ts', { headers: { range: 'bytes=0-999' } });
        await one.get(node.url, '/missing');
        await two.get(node.url, '/s/1.ts');
        await silent.get(node.url, '/s/1.ts');
        await ask(node.url, '/s/2.ts');
        await one.acknowledge(node.url, { seq: 1, objects: 1, bytes: 100_000n, ttfbP95Ms: 30 });
        await one.acknowledge(node.url, { seq: 2, objects: 2, bytes: 101_000n, ttfbP95Ms: 40, errors: 1 });
        await two.acknowledge(node.url, { seq: 1, objects: 1, bytes: 100_000n, ttfbP95Ms: 90 });

        const early = await ask(node.url, evidencePath(world), { headers: operator });
        expect([early.status, codeOf(early)]).toEqual([409, 'MKT_NODE__EPOCH_OPEN']);
        clock.shiftMs = AFTER_EPOCH_MS - 10_000;
        expect((await ask(node.url, evidencePath(world), { headers: operator })).status).toBe(409);
        clock.shiftMs = AFTER_EPOCH_MS;
        const evidence = await evidenceOf(node.url, world);

        expect(evidence.sessions).toHaveLength(2);
        expect(evidence.unreceiptedBytes).toBe('100000');
        expect(evidence.sla).toEqual({
            availabilityPpm: 1_000_000,
            errorPpm: 250_000,
            ttfbP95Ms: 90,
            stallPpm: 0,
            sessions: 2,
        });
        const leaves = evidence.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
        const leafOfOne = leaves.find(({ tokenHash }) => toHex(tokenHash) === one.session);
        expect([leafOfOne?.bytes, leafOfOne?.objects, leafOfOne?.class]).toEqual([101_000n, 2, 1]);
        expect(buildSettlementTree(leaves).totalBytes).toBe(201_000n);
        for (const [index, { records }] of evidence.sessions.entries()) {
            const data = records.map(({ fields }) =>
                encodeRecord(
                    fields.map(({ name, value, salt }) => ({
                        fieldId: LOG_FIELDS[name as LogFieldName],
                        salt: fromHex(salt),
                        value,
                    })),
                ),
            );
            expect(toHex(leaves[index]?.logRoot ?? new Uint8Array())).toBe(toHex(computeTreeHead(data)));
        }
        const salts = evidence.sessions.flatMap(({ records }) =>
            records.flatMap(({ fields }) => fields.map(({ salt }) => salt)),
        );
        expect(new Set(salts).size).toBe(salts.length);
    });

    it('refuses receipts and new sessions after the close', async () => {
        const { world, node, clock } = await setUp();
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        await viewer.get(node.url, '/1');
        clock.shiftMs = AFTER_EPOCH_MS;
        await evidenceOf(node.url, world);
        const late = await viewer.acknowledge(node.url, { bytes: 100_000n });
        expect(late.status).toBeGreaterThanOrEqual(400);
        expect((await evidenceOf(node.url, world)).sessions).toHaveLength(0);
        expect(node.status.read().openSessions).toBe(0);
        expect(node.status.read().servedBytes).toBe('100000');
    });

    it('is empty for an epoch in which nothing was served, and unknown for what is not ours', async () => {
        const { world, node, clock } = await setUp();
        clock.shiftMs = AFTER_EPOCH_MS;
        expect((await evidenceOf(node.url, world)).sessions).toEqual([]);
        const other = `${EVIDENCE_PATH}/${named('other').address}/0`;
        expect((await ask(node.url, other, { headers: operator })).status).toBe(404);
        for (const epoch of ['1000', '00', '-1', '1e3', '0/..', '99999999999']) {
            const answer = await ask(node.url, evidencePath(world, epoch), { headers: operator });
            expect(answer.status).toBeGreaterThanOrEqual(400);
            expect(answer.status).toBeLessThan(500);
        }
    });

    it('is the same byte by byte after a kill before or after the close', async () => {
        const { world, node, dataDir, parentUrl, clock } = await setUp();
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        await viewer.get(node.url, '/1');
        await viewer.acknowledge(node.url, { bytes: 100_000n });
        const copy = async (): Promise<string> => {
            const target = await tempDir();
            await cp(dataDir, target, { recursive: true, filter: (path) => !path.endsWith('.lock') });
            return target;
        };
        const beforeClose = await copy();
        clock.shiftMs = AFTER_EPOCH_MS;
        const first = await ask(node.url, evidencePath(world), { headers: operator });
        const afterClose = await copy();
        const halfClosed = await copy();
        const folder = join(halfClosed, 'epochs', `${world.contract.address}-0`);
        await rm(join(folder, 'summary.json'));
        await rm(join(halfClosed, 'logs'), { recursive: true });
        const log = join('logs', `${world.contract.address}-0.log`);
        for (const dir of [beforeClose, afterClose, halfClosed]) {
            const again = await startTestNode({
                world,
                parentUrl,
                dataDir: dir,
                deps: { now: () => Date.now() + AFTER_EPOCH_MS },
            });
            expect((await ask(again.url, evidencePath(world), { headers: operator })).body.equals(first.body)).toBe(
                true,
            );
            expect(again.status.read().receiptedBytes).toBe('100000');
            await again.stop();
            expect(await readFile(join(dir, log), 'utf8')).toBe(await readFile(join(dataDir, log), 'utf8'));
        }
    });

    it('is gone when the key of the epoch was erased; settlement totals stay', async () => {
        const { world, node, dataDir, clock } = await setUp();
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        await viewer.get(node.url, '/1');
        await viewer.acknowledge(node.url, { bytes: 100_000n });
        const key = join(dataDir, 'epochs', `${world.contract.address}-0`, 'epoch.key');
        expect((await stat(key)).mode & 0o777).toBe(0o600);
        clock.shiftMs = AFTER_EPOCH_MS;
        await evidenceOf(node.url, world);
        await rm(key);
        expect((await ask(node.url, evidencePath(world), { headers: operator })).status).toBe(410);
        expect(node.status.read().receiptedBytes).toBe('100000');
    });
});

describe('the log file', () => {
    it('is RFC 7937, names no client, hides queries, and agrees with the evidence', async () => {
        const { world, node, clock } = await setUp();
        const viewer = new Viewer(world, { clientGroup: 4711 });
        await viewer.open(node.url);
        await viewer.get(node.url, '/s/a%20b.ts?user=alice', { localAddress: '127.5.6.7' });
        await viewer.get(node.url, '/s/a%20b.ts', { localAddress: '127.5.6.7' });
        await ask(node.url, '/s/a%20b.ts', { localAddress: '127.5.6.8' });
        await viewer.acknowledge(node.url, { objects: 2, bytes: 200_000n });
        expect(
            logFileList.parse(JSON.parse((await ask(node.url, LOGS_PATH, { headers: operator })).body.toString()))
                .files,
        ).toEqual([]);
        clock.shiftMs = AFTER_EPOCH_MS;
        const evidence = await evidenceOf(node.url, world);
        const list = logFileList.parse(
            JSON.parse((await ask(node.url, LOGS_PATH, { headers: operator })).body.toString()),
        );
        const [file] = list.files;
        expect(file?.contract).toBe(world.contract.address);
        const answer = await ask(node.url, `${LOGS_PATH}/${file?.name}`, { headers: operator });
        const text = answer.body.toString();
        expect(sha256(answer.body)).toBe(file?.sha256);
        expect(text).not.toMatch(/127\.5\.6|alice|user=/);
        expect(text).not.toContain(viewer.session);
        const { records, ignored } = parseLogFile(text);
        expect(ignored).toEqual([]);
        expect(records).toHaveLength(3);
        const lines = text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
        const proved = evidence.sessions[0]?.records.map(({ fields }) => fields.map(({ value }) => value).join('\t'));
        expect(lines.slice(0, 2)).toEqual(proved);
        const cells = lines.map((line) => line.split('\t'));
        expect(cells.map((cell) => cell[3])).toEqual(['0', '0', 'unkeyed']);
        expect(cells.map((cell) => cell[9])).toEqual(['100000', '100000', '100000']);
        expect(cells.map((cell) => cell[10])).toEqual(Array(3).fill('"/s/"'));
        expect(cells[0]?.[11]).toMatch(/^"[0-9a-f]{16}"$/);
        expect([cells[1]?.[11], cells[2]?.[11]]).toEqual([cells[0]?.[11], '-']);
        expect(cells.map((cell) => cell[12])).toEqual(['0', '1', '1']);
        for (const name of ['..', '%2e%2e/topology.json', '../topology.json', 'x.log']) {
            const refused = await ask(node.url, `${LOGS_PATH}/${name}`, { headers: operator });
            expect(refused.status).toBeGreaterThanOrEqual(400);
        }
    });

    it('counts what was really sent: headers and body of whole responses, the part of those cut off', async () => {
        const { world, node, clock } = await setUp();
        const { hostname, port } = new URL(node.url);
        const received = await new Promise<number>((resolve) => {
            let bytes = 0;
            const socket = net.connect(Number(port), hostname, () =>
                socket.write('GET /whole HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
            );
            socket.on('data', (chunk) => {
                bytes += chunk.length;
            });
            socket.on('end', () => resolve(bytes));
        });
        await until(() => node.status.read().requests === 1, 'recorded');
        clock.shiftMs = AFTER_EPOCH_MS;
        await evidenceOf(node.url, world);
        const log = await ask(node.url, `${LOGS_PATH}/${world.contract.address}-0.log`, { headers: operator });
        const cells = log.body
            .toString()
            .split('\r\n')
            .find((line) => !line.startsWith('#'))
            ?.split('\t');
        expect([cells?.[8], cells?.[9]]).toEqual([String(received), '100000']);
    });

    it('counts every byte, whatever the size, cached or not, alone or pipelined', async () => {
        const from = await startOrigin((request, response) => {
            const size = Number(request.url?.slice(1));
            response.writeHead(200, { 'content-length': size, 'cache-control': 'max-age=60' });
            response.end(Buffer.alloc(size));
        });
        cleanup.add(() => from.close());
        const node = await startTestNode({ world: createWorld(), parentUrl: from.url });
        cleanup.add(() => node.stop());
        const sizes = [0, 1, 1_024, 65_536, 65_537, 1_000_000];
        for (const size of [...sizes, ...sizes]) await ask(node.url, `/${size}`);
        const request = (size: number, close = '') => `GET /${size} HTTP/1.1\r\nHost: a\r\n${close}\r\n`;
        const pipelined = await raw(
            node.url,
            [1, 1_024, 65_536].map((size) => request(size)).join('') + request(1, 'Connection: close\r\n'),
        );
        expect(pipelined.match(/HTTP\/1\.1 200/g)).toHaveLength(4);
        const expected = 2 * sizes.reduce((sum, size) => sum + size, 0) + 1 + 1_024 + 65_536 + 1;
        await until(() => node.status.read().requests === 2 * sizes.length + 4, 'recorded');
        expect(node.status.read().servedBytes).toBe(String(expected));
    });

    it('of a viewer who left counts no more than left the node', async () => {
        const size = 64 << 20;
        const from = await startOrigin((_, response) => {
            response.writeHead(200, { 'content-length': size, 'cache-control': 'max-age=60' });
            response.end(Buffer.alloc(size));
        });
        cleanup.add(() => from.close());
        const node = await startTestNode({
            world: createWorld(),
            parentUrl: from.url,
            config: { cache: { maxObjectBytes: 2 * size, memoryBytes: 2 * size, diskBytes: 0 } },
        });
        cleanup.add(() => node.stop());
        const { hostname, port } = new URL(node.url);
        const socket = net.connect(Number(port), hostname, () => socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'));
        await new Promise((resolve) => socket.once('data', resolve));
        socket.pause();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const read = socket.bytesRead;
        socket.destroy();
        await until(() => node.status.read().requests === 1, 'recorded');
        const served = Number(node.status.read().servedBytes);
        expect(served).toBeGreaterThan(read / 2);
        expect(served).toBeLessThan(size / 2);
    });

    it('leaves out the slice that the operating system had not taken when the viewer left', async () => {
        let handed = 0;
        let finish: (sent: SentBytes) => void = () => undefined;
        const result = new Promise<SentBytes>((resolve) => {
            finish = resolve;
        });
        const server = createNodeServer((request, response) => {
            const gate = async (bytes: number): Promise<void> => {
                handed += bytes;
            };
            send({ request, response, status: 200, headers: {}, body: Buffer.alloc(64 << 20), gate }).then(finish);
        });
        const { port } = await listen({ server, host: '127.0.0.1', port: 0 });
        cleanup.add(() => server.close());
        const socket = net.connect(port, '127.0.0.1', () => socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'));
        await new Promise((resolve) => socket.once('data', resolve));
        socket.pause();
        await new Promise((resolve) => setTimeout(resolve, 300));
        socket.destroy();
        const sent = await result;
        expect(sent.completed).toBe(false);
        expect(sent.entityBytes).toBeGreaterThan(0);
        expect(sent.entityBytes).toBeLessThan(handed);
        expect(handed - sent.entityBytes).toBeLessThanOrEqual(2 * 64 * 1024);
    });

    it('is written by itself when the epoch is over', async () => {
        const { world, node, dataDir, clock } = await setUp();
        const viewer = new Viewer(world);
        expect((await viewer.open(node.url)).status).toBe(200);
        await viewer.get(node.url, '/1');
        await until(() => node.status.read().servedBytes === '100000', 'recorded');
        expect(await readdir(join(dataDir, 'logs'))).toEqual([]);
        clock.shiftMs = AFTER_EPOCH_MS;
        await until(() => node.status.read().openSessions === 0, 'epoch closed');
        expect(await readdir(join(dataDir, 'logs'))).toEqual([`${world.contract.address}-${viewer.token.epoch}.log`]);
    });
});

describe('traffic without keys', () => {
    it('belongs to nobody when several contracts are in force', async () => {
        const { world, node, clock } = await setUp();
        const [first] = world.view.contracts;
        if (first) world.view.contracts.push({ ...first, ...named('second contract') });
        await ask(node.url, '/1');
        await until(() => node.status.read().servedBytes === '100000', 'recorded');
        clock.shiftMs = AFTER_EPOCH_MS;
        expect((await evidenceOf(node.url, world)).unreceiptedBytes).toBe('0');
        await until(() => node.status.read().servedBytes === '100000', 'still counted');
    });
});

describe('small rules', () => {
    it('the 95th percentile is by nearest rank', () => {
        expect(percentile95([])).toBe(0);
        expect(percentile95([7])).toBe(7);
        expect(percentile95(Array.from({ length: 100 }, (_, index) => index + 1))).toBe(95);
        expect(percentile95(Array.from({ length: 20 }, (_, index) => 20 - index))).toBe(19);
    });

    it('the UUID of a file follows from its name', () => {
        expect(deriveUuid('a')).toBe(deriveUuid('a'));
        expect(deriveUuid('a')).not.toBe(deriveUuid('b'));
        expect(deriveUuid('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });
});
