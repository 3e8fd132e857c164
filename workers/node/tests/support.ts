import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
    encodeReceipt,
    encodeSessionProof,
    encodeToken,
    fromHex,
    generateKeyPair,
    hashToken,
    type Receipt,
    sign,
    type Token,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import { RECEIPTS_PATH, SESSIONS_PATH } from '@ocm/sdk/http';
import { afterAll, vi } from 'vitest';
import {
    type NodeConfig,
    type NodeDeps,
    nodeConfig,
    type RunningNode,
    startNode,
    type TopologyView,
} from '../src/index.js';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
/** A name as an address: 44 characters of the base58 alphabet and the 32 bytes that stand for it in messages. */
export function named(name: string): { address: string; addressHex: string } {
    const addressHex = sha256(name);
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    const address = [...fromHex(addressHex), ...fromHex(sha256(addressHex)).slice(0, 12)]
        .map((byte) => alphabet[byte % 58])
        .join('');
    return { address, addressHex };
}

export const silent = { debug() {}, info() {}, warn() {}, error() {} };
const folders: string[] = [];
/** What the tests of a file have left; to be called when its nodes have stopped. */
export function removeFolders(): void {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
// For files of other folders, each in a process of its own; those beside this one share theirs (remove-folders.ts).
afterAll(removeFolders);
export async function tempDir(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-node-'));
    folders.push(folder);
    return folder;
}

/** Closed in reverse order after each test by the caller. */
export class Cleanup {
    #hooks: (() => unknown)[] = [];
    add(hook: () => unknown): void {
        this.#hooks.push(hook);
    }
    async run(): Promise<void> {
        for (const hook of this.#hooks.splice(0).reverse()) await hook();
    }
}

export interface Origin {
    url: string;
    port: number;
    /** Requests received, newest last. */
    requests: { url: string; headers: http.IncomingHttpHeaders; method: string }[];
    close(): Promise<void>;
}
export async function startOrigin(
    handler: (request: IncomingMessage, response: ServerResponse) => void,
    port = 0,
): Promise<Origin> {
    const requests: Origin['requests'] = [];
    const server = http.createServer((request, response) => {
        requests.push({ url: request.url ?? '', headers: request.headers, method: request.method ?? '' });
        handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const bound = server.address() as net.AddressInfo;
    return {
        url: `http://127.0.0.1:${bound.port}`,
        port: bound.port,
        requests,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

export interface Answer {
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
}
export interface Ask {
    method?: string;
    headers?: Record<string, string>;
    localAddress?: string;
    body?: string;
}
const agent = new http.Agent({ keepAlive: false });
/** One request with the path exactly as given: clients like fetch would normalise it. */
export function ask(
    base: string,
    path: string,
    { method = 'GET', headers = {}, localAddress, body }: Ask = {},
): Promise<Answer> {
    const { hostname, port } = new URL(base);
    return new Promise((resolve, reject) => {
        const request = http.request(
            {
                agent,
                host: hostname,
                port,
                method,
                path,
                headers,
                ...(localAddress === undefined ? {} : { localAddress }),
            },
            (response) => {
                const chunks: Buffer[] = [];
                response.on('data', (chunk: Buffer) => chunks.push(chunk));
                response.on('error', reject);
                response.on('end', () =>
                    resolve({
                        status: response.statusCode ?? 0,
                        headers: response.headers,
                        body: Buffer.concat(chunks),
                    }),
                );
            },
        );
        request.on('error', reject);
        request.end(body);
    });
}
export const post = (base: string, path: string, body: unknown, ask_: Ask = {}): Promise<Answer> =>
    ask(base, path, {
        ...ask_,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...ask_.headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
    });
export const codeOf = ({ body }: Answer): unknown => (JSON.parse(body.toString()) as { code?: unknown }).code;

/** Bytes in, bytes out until the peer closes. */
export function raw(base: string, text: string, idleMs = 3_000): Promise<string> {
    const { hostname, port } = new URL(base);
    return new Promise((resolve, reject) => {
        const socket = net.connect(Number(port), hostname, () => socket.write(text));
        let received = '';
        socket.on('data', (chunk) => {
            received += chunk.toString('latin1');
        });
        socket.setTimeout(idleMs, () => socket.destroy());
        socket.on('close', () => resolve(received));
        socket.on('error', (error: NodeJS.ErrnoException) =>
            error.code === 'ECONNRESET' ? resolve(received) : reject(error),
        );
    });
}

export const OPERATOR_SECRET = 'a secret of the operator';
export const operator = { authorization: `Bearer ${OPERATOR_SECRET}` };

export interface World {
    view: TopologyView;
    issuer: ReturnType<typeof generateKeyPair>;
    cast: ReturnType<typeof named>;
    relays: ReturnType<typeof named>[];
    contract: ReturnType<typeof named>;
}
/** One operator with a CAST and two RELAYs (a CIDR, an ASN) and one contract over both, in its epoch 0. */
export function createWorld({
    epochLengthSecs = 3600,
    graceSecs = 600,
    creditBytes = 8 << 20,
    nowMs = Date.now(),
} = {}): World {
    const operatorAddress = named('operator').address;
    const issuer = generateKeyPair();
    const cast = named('cast');
    const relays = [named('relay 0'), named('relay 1')];
    const contract = named('contract');
    const claims = relays.map((_, index) => named(`claim ${index}`).address);
    const nowSecs = Math.floor(nowMs / 1000);
    return {
        issuer,
        cast,
        relays,
        contract,
        view: {
            readAtMs: nowMs,
            clusterTag: 0x4cd7a1e5,
            isDevelopment: true,
            params: { creditBytes: String(creditBytes), maxTokenBytes: String(2 ** 36), tokenGraceSecs: graceSecs },
            nodes: [
                { ...cast, participant: operatorAddress, role: 'cast', endpoints: [], isActive: true, spkiHex: null },
                ...relays.map((relay, index) => ({
                    ...relay,
                    participant: operatorAddress,
                    role: 'relay' as const,
                    endpoints: [{ ip: '127.0.0.1', port: 20_000 + index }],
                    isActive: true,
                    spkiHex: null,
                })),
            ],
            claims: claims.map((address, index) => ({
                address,
                node: relays[index]?.address ?? '',
                footprint:
                    index === 0
                        ? { kind: 'ipv4cidr' as const, value: '127.2.0.0/16' }
                        : { kind: 'asn' as const, value: 'as64496' },
                validFromSecs: nowSecs - 100,
                validUntilSecs: nowSecs + 100_000,
                isEgress: true,
                isActive: true,
            })),
            contracts: [
                {
                    ...contract,
                    seller: operatorAddress,
                    state: 'active',
                    issuers: [
                        { publicKeyHex: toHex(issuer.publicKey), fromEpoch: 0 },
                        { publicKeyHex: '0'.repeat(64), fromEpoch: 0 },
                    ],
                    genesisSecs: nowSecs - 1,
                    epochLengthSecs,
                    epochCount: 1000,
                    claims,
                },
            ],
        },
    };
}

export const fixedTopology = (view: TopologyView | null): NodeDeps['topology'] => ({
    current: () => view,
    close: async () => undefined,
});

export interface StartInput {
    world: World;
    parentUrl: string;
    role?: 'relay' | 'cast' | 'beacon';
    dataDir?: string;
    config?: Record<string, unknown>;
    deps?: Partial<NodeDeps>;
}
export async function startTestNode(input: StartInput): Promise<RunningNode & { config: NodeConfig }> {
    const { world, parentUrl, role = 'relay', config = {}, deps = {} } = input;
    const full = nodeConfig.parse({
        role,
        node: (role === 'cast' ? world.cast : world.relays[0])?.address,
        rpcUrl: 'http://127.0.0.1:8899',
        dataDir: input.dataDir ?? (await tempDir()),
        listen: { host: '127.0.0.1', port: 0 },
        ...(role === 'cast' ? { cacheListen: { host: '127.0.0.1', port: 0 }, traditionalUrl: parentUrl } : {}),
        parentUrl,
        operatorSecret: OPERATOR_SECRET,
        ...config,
    });
    const now = deps.now ?? Date.now;
    const clock = { nowMs: now, state: () => ({ offsetMs: 0, readAtMs: null, isTrusted: true }) };
    const node = await startNode(full, { topology: fixedTopology(world.view), clock, now, log: silent, ...deps });
    return { ...node, config: full };
}

/** A viewer with a key, signing by hand so that a test can also lie. */
export class Viewer {
    readonly key = generateKeyPair();
    readonly token: Token;
    readonly tokenBytes: Uint8Array;
    readonly session: string;
    readonly tokenSignature: string;

    constructor(world: World, change: Partial<Token> = {}, issuerSeed: Uint8Array = world.issuer.secretSeed) {
        const contract = world.view.contracts[0];
        if (contract === undefined) throw new Error('a world has a contract');
        const nowSecs = Math.floor(Date.now() / 1000);
        const epoch = Math.floor((nowSecs - contract.genesisSecs) / contract.epochLengthSecs);
        this.token = {
            contract: fromHex(world.contract.addressHex),
            clusterTag: world.view.clusterTag,
            epoch,
            tokenId: randomBytes(16),
            node: fromHex(world.relays[0]?.addressHex ?? ''),
            clientPublicKey: this.key.publicKey,
            maxBytes: 1n << 30n,
            notBeforeSecs: nowSecs - 1,
            notAfterSecs: contract.genesisSecs + (epoch + 1) * contract.epochLengthSecs,
            clientGroup: 7,
            flags: 0,
            ...change,
        };
        this.tokenBytes = encodeToken(this.token);
        this.session = toHex(hashToken(this.tokenBytes));
        this.tokenSignature = toBase64(sign(issuerSeed, this.tokenBytes));
    }

    openRequest(timestampMs = Date.now(), node = this.token.node): Record<string, unknown> {
        const proof = encodeSessionProof({ tokenHash: fromHex(this.session), node, timestampMs: BigInt(timestampMs) });
        return {
            token: toBase64(this.tokenBytes),
            tokenSignature: this.tokenSignature,
            proof: toBase64(sign(this.key.secretSeed, proof)),
            timestampMs,
        };
    }

    open(base: string): Promise<Answer> {
        return post(base, SESSIONS_PATH, this.openRequest());
    }

    get(base: string, path: string, ask_: Ask = {}): Promise<Answer> {
        return ask(base, path, { ...ask_, headers: { 'ocm-session': this.session, ...ask_.headers } });
    }

    receipt(change: Partial<Receipt>): { receipt: string; receiptSignature: string } {
        const body = encodeReceipt({
            tokenHash: fromHex(this.session),
            seq: 1,
            objects: 1,
            bytes: 1n,
            lastMs: BigInt(Date.now()),
            ttfbP95Ms: 20,
            stallCentisecs: 0,
            errors: 0,
            accumulator: new Uint8Array(32),
            ...change,
        });
        return { receipt: toBase64(body), receiptSignature: toBase64(sign(this.key.secretSeed, body)) };
    }

    acknowledge(base: string, change: Partial<Receipt>): Promise<Answer> {
        return post(base, RECEIPTS_PATH, this.receipt(change));
    }
}

/** Longer than any pause of the machine that runs the tests: what they wait for comes at once, or never. */
const PATIENCE_MS = 30_000;
/** Tries the assertion until it holds; the last failure is the test's. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
    vi.waitFor(assertion, { timeout: PATIENCE_MS, interval: 10 });
/** Polls until the condition holds; what it waited for is in the error. */
export async function until(
    condition: () => boolean | Promise<boolean>,
    what: string | (() => string),
    timeoutMs = PATIENCE_MS,
): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await condition())) {
        if (Date.now() > deadline) throw new Error(`never happened: ${typeof what === 'string' ? what : what()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}
