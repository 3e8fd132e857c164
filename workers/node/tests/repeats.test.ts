import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PreparedAnswer } from '../src/http/prepared.js';
import { RepeatedRequests } from '../src/http/repeats.js';
import { createNodeServer } from '../src/http/server.js';
import { Cleanup, eventually } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const BODY = Buffer.from('the stored body');
const GET = 'GET /object HTTP/1.1\r\nHost: node.example\r\n\r\n';

/** A server that counts what the parser saw, and answers all by the same stored object. */
async function serve({ body = BODY } = {}, limits = {}) {
    const state = {
        parsed: [] as string[],
        isCurrent: true,
        isDraining: false,
        isNew: false,
        nowMs: Date.UTC(2026, 0, 1),
        reused: 0,
    };
    const repeats = new RepeatedRequests({
        now: () => state.nowMs,
        isDraining: () => state.isDraining,
        keepAliveSecs: 15,
    });
    const server: Server = createNodeServer((request, response) => {
        state.parsed.push(`${request.method} ${request.url}`);
        const headers = { etag: '"1"', 'content-length': body.length };
        const hasBody = request.method !== 'HEAD';
        response.writeHead(200, { ...headers, age: '0' });
        response.end(hasBody ? body : undefined);
        const lasting = { bornMs: state.nowMs, freshUntilMs: state.nowMs + 60_000 };
        const reuse = (): Buffer | null => {
            if (state.isCurrent) state.reused += 1;
            return state.isCurrent ? body : null;
        };
        const answer: PreparedAnswer = { status: 200, headers, hasBody, ...lasting, reuse };
        response.once('finish', () => {
            const bytes = hasBody ? body.length : 0;
            repeats.learn(request, answer, bytes);
            // As if it had come before: who comes once only is not remembered.
            if (!state.isNew) repeats.learn(request, answer, bytes);
        });
    }, limits);
    repeats.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(
        () =>
            new Promise((resolve) => {
                server.close(resolve);
                server.closeAllConnections();
            }),
    );
    const { port } = server.address() as AddressInfo;
    return { state, repeats, server, client: () => Client.to(port) };
}

/** Sends bytes as they are, and reads messages by their length. */
class Client {
    received = '';
    bytes = 0;
    closed = false;
    private constructor(readonly socket: Socket) {
        socket.on('data', (chunk) => {
            this.bytes += chunk.length;
            // Bodies of megabytes consist of one letter.
            this.received += chunk.toString('latin1').replace(/x{100,}/g, '');
        });
        socket.on('close', () => {
            this.closed = true;
        });
        socket.on('error', () => undefined);
    }
    static async to(port: number): Promise<Client> {
        const socket = connect(port, '127.0.0.1');
        socket.setNoDelay(true);
        await new Promise((resolve) => socket.once('connect', resolve));
        cleanup.add(() => socket.destroy());
        return new Client(socket);
    }
    async ask(text: string, answers = 1): Promise<string[]> {
        const before = this.answers().length;
        this.socket.write(text);
        await eventually(() => expect(this.answers().length).toBe(before + answers));
        return this.answers().slice(before);
    }
    answers(): string[] {
        return this.received.split(/(?=HTTP\/1\.1 )/).filter((text) => {
            const end = text.indexOf('\r\n\r\n');
            return (
                end > 0 &&
                (text.length > end + 4 ||
                    /HEAD/.test(text) ||
                    /content-length: 0/i.test(text) ||
                    text.endsWith('\r\n\r\n'))
            );
        });
    }
}
const fieldsOf = (answer: string): Record<string, string> =>
    Object.fromEntries(
        answer
            .slice(0, answer.indexOf('\r\n\r\n'))
            .split('\r\n')
            .slice(1)
            .map((line) => {
                const colon = line.indexOf(':');
                return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
            }),
    );

describe('requests that repeat', () => {
    it('are answered as by the parser, without the parser, from the second of a connection on', async () => {
        const { state, client } = await serve();
        const one = await client();
        const [first] = await one.ask(GET);
        const [second] = await one.ask(GET);
        expect(state.parsed).toEqual(['GET /object']);
        expect(state.reused).toBe(1);
        const { date: _, ...expected } = fieldsOf(first!);
        expect(fieldsOf(second!)).toEqual({ ...expected, date: 'Thu, 01 Jan 2026 00:00:00 GMT' });
        expect(second!.endsWith(`\r\n\r\n${BODY}`)).toBe(true);
        const other = await client();
        await other.ask(GET);
        expect(state.parsed).toHaveLength(2);
        await other.ask(GET);
        expect(state.parsed).toHaveLength(2);
    });

    it('are parsed once more than they would have to be: most never come again', async () => {
        const { state, client } = await serve();
        state.isNew = true;
        const one = await client();
        for (let round = 0; round < 4; round += 1) await one.ask(GET);
        expect([state.parsed.length, state.reused]).toEqual([2, 2]);
    });

    it('get an age that grows, and go to the parser again once the answer is not fresh', async () => {
        const { state, client } = await serve();
        const one = await client();
        await one.ask(GET);
        state.nowMs += 59_500;
        const [aged] = await one.ask(GET);
        expect(fieldsOf(aged!)).toMatchObject({ age: '59', date: 'Thu, 01 Jan 2026 00:00:59 GMT' });
        state.nowMs += 500;
        await one.ask(GET);
        expect(state.parsed).toHaveLength(2);
    });

    it('are parsed when what was stored is gone, and during a stop', async () => {
        const { state, client } = await serve();
        const one = await client();
        await one.ask(GET);
        state.isCurrent = false;
        await one.ask(GET);
        expect(state.parsed).toHaveLength(2);
        state.isCurrent = true;
        state.isDraining = true;
        await one.ask(GET);
        expect(state.parsed).toHaveLength(3);
    });

    it('of HEAD have no body, and the connection goes on behind them', async () => {
        const { state, client } = await serve();
        const one = await client();
        const HEAD = GET.replace('GET', 'HEAD');
        await one.ask(HEAD);
        const [head] = await one.ask(HEAD);
        expect(head!.endsWith('\r\n\r\n')).toBe(true);
        expect(fieldsOf(head!)['content-length']).toBe(String(BODY.length));
        await one.ask(GET);
        const [whole] = await one.ask(GET);
        expect(whole!.endsWith(`\r\n\r\n${BODY}`)).toBe(true);
        expect(state.parsed).toEqual(['HEAD /object', 'GET /object']);
    });

    for (const [what, before] of [
        ['two in one piece', GET + GET],
        ['one in two pieces', null],
        ['one behind empty lines', `\r\n\r\n${GET}`],
    ] as const) {
        it(`are left to the parser for good after ${what}, in the order of the requests`, async () => {
            const { state, client } = await serve();
            const teacher = await client();
            await teacher.ask(GET);
            await teacher.ask(GET);
            expect(state.parsed).toHaveLength(1);
            const one = await client();
            await one.ask(GET);
            if (before === null) {
                one.socket.write(GET.slice(0, 20));
                await new Promise((resolve) => setTimeout(resolve, 30));
                await one.ask(GET.slice(20));
            } else await one.ask(before, before === GET + GET ? 2 : 1);
            const parsed = state.parsed.length;
            const reused = state.reused;
            const answers = await one.ask(GET);
            expect(answers).toHaveLength(1);
            expect([state.parsed.length, state.reused]).toEqual([parsed + 1, reused]);
        });
    }
});

describe('a request inside of another', () => {
    it('is never taken for one: what stands in a body is body', async () => {
        const { state, client } = await serve();
        const teacher = await client();
        await teacher.ask(GET);
        const one = await client();
        const post = `POST /upload HTTP/1.1\r\nHost: node.example\r\nContent-Length: ${GET.length}\r\n\r\n`;
        one.socket.write(post);
        await eventually(() => expect(state.parsed).toContain('POST /upload'));
        // The body alone, in a piece of its own, byte for byte the remembered request.
        one.socket.write(GET);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(one.answers()).toHaveLength(1);
        expect(state.reused).toBe(0);
    });

    it('is not remembered if it asks for more than the stored answer', async () => {
        const { state, client } = await serve();
        for (const line of [
            'Cache-Control: no-cache',
            'Authorization: Basic eA==',
            'Connection: close',
            'Pragma: no-cache',
        ]) {
            const text = GET.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`);
            const before = state.parsed.length;
            for (let round = 0; round < 2; round += 1) await (await client()).ask(text);
            const same = await client();
            await same.ask(GET);
            await same.ask(text);
            expect(state.parsed.length).toBe(before + 4);
        }
    });

    it('does not lead around the clocks against slow peers, nor run into them', async () => {
        const { state, client } = await serve({}, { headersTimeoutMs: 300, requestTimeoutMs: 400 });
        const patient = await client();
        await patient.ask(GET);
        const slow = await client();
        await slow.ask(GET);
        slow.socket.write(GET.slice(0, 10));
        for (let round = 0; round < 15; round += 1) {
            await patient.ask(GET);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect([patient.closed, slow.closed]).toEqual([false, true]);
        expect(state.reused).toBe(15);
    });

    it('waits for a reader who does not read: nothing piles up in memory', async () => {
        const body = Buffer.alloc(12 * 1024 * 1024, 'x');
        const { state, client, repeats } = await serve({ body });
        const one = await client();
        await one.ask(GET);
        await eventually(() => expect(one.bytes).toBeGreaterThan(body.length));
        one.socket.pause();
        for (let round = 0; round < 5; round += 1) {
            one.socket.write(GET);
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        // One is on its way; the others wait behind it as they would without us.
        expect(state.reused).toBe(1);
        const settled = repeats.settle();
        one.socket.resume();
        await settled;
        await eventually(() => expect(one.received.split('HTTP/1.1 200').length - 1).toBe(6));
    });

    it('survives a peer that upgrades, tunnels or breaks off in between', async () => {
        const { state, client, server } = await serve();
        for (const text of [
            'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
            'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
            'GET / HTTP/1.1\nHost: a\n\n\0\0',
        ]) {
            const one = await client();
            await one.ask(GET);
            one.socket.write(text);
            one.socket.write(GET);
            await eventually(() => expect(one.closed).toBe(true));
        }
        const quick = await client();
        quick.socket.write(GET);
        quick.socket.destroy();
        const last = await client();
        await last.ask(GET);
        await last.ask(GET);
        expect(state.parsed.length).toBeGreaterThanOrEqual(4);
        expect(server.listening).toBe(true);
    });
});
