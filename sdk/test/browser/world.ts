import { parseReceiptConfig } from '../../src/browser/config.js';
import type { ReceiptEvent } from '../../src/browser/messages.js';
import { Deliverer } from '../../src/browser/worker/deliver.js';
import { DeliveryKeeper } from '../../src/browser/worker/delivery-keeper.js';
import type { WorkerPorts } from '../../src/browser/worker/ports.js';
import {
    decodeReceipt,
    decodeToken,
    encodeSessionProof,
    encodeToken,
    fromBase64,
    hashToken,
    toBase64,
    toHex,
    verify,
} from '../../src/core/index.js';
import {
    RECEIPT_COPIES_PATH,
    RECEIPTS_PATH,
    ROUTE_PATH,
    SESSION_HEADER,
    SESSIONS_PATH,
    type SignedReceipt,
    TOKENS_PATH,
} from '../../src/http/index.js';
import type { SessionStore } from '../../src/viewer/sessions/ports.js';
import { SessionKeeper } from '../../src/viewer/sessions/session-keeper.js';
import { createLockedKey, type LockedKey } from '../../src/viewer/signer.js';
import { createStore } from './world-store.js';

export const ADDRESS = 'SysvarRent111111111111111111111111111111111';
export const ORIGIN = 'http://origin.test';
export const NODE = 'http://node.test';
export const OTHER_NODE = 'http://other-node.test';
const ROUTER = 'http://router.test';
const PROVIDER = 'http://provider.test';
const START_MS = 1_800_000_000_000;
/** As of a node: further from its clock it takes no proof. */
const PROOF_WINDOW_MS = 30_000;
export const config = parseReceiptConfig({ providerUrl: PROVIDER, routerUrl: ROUTER, mediaUrl: `${ORIGIN}/demo/` });

type Json = Record<string, string>;
type NodeSession = {
    token: Uint8Array;
    key: Uint8Array;
    handed: number;
    receipt: SignedReceipt | null;
    receipted: number;
};

export const A = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

/** Router, provider, node and origin as a worker sees them: signatures, credit and order of receipts are checked. */
export class World {
    /** The time of cluster, provider and nodes. */
    nowMs = START_MS;
    /** By how much the viewer's clock is ahead of it. */
    viewerAheadMs = 0;
    creditBytes = 8 * 1024 * 1024;
    tokenSecs = 3600;
    readonly down = new Set<string>();
    readonly objects = new Map<string, Uint8Array>();
    readonly events: ReceiptEvent[] = [];
    readonly copies: SignedReceipt[] = [];
    readonly sessions = new Map<string, NodeSession>();
    /** Every request for media: who was asked, and what for. */
    readonly asked: Request[] = [];
    location = `${NODE}/`;
    headers: Record<string, string> = {};
    tokens = 0;
    createKey: () => Promise<LockedKey> = createLockedKey;
    /** Overrides of single answers, by path or URL. */
    readonly answers = new Map<string, (body: Json) => Response>();
    #sleepers: { atMs: number; wake: () => void }[] = [];

    /** One life of a service worker with what it remembers. */
    wake(store: SessionStore = createStore().open()) {
        const ports: WorkerPorts = {
            fetch: (input, init) => this.#fetch(new Request(input, init)),
            createKey: () => this.createKey(),
            store,
            report: (event) => this.events.push(event),
            now: () => this.nowMs + this.viewerAheadMs,
            sleep: (ms) => new Promise((wake) => this.#sleepers.push({ atMs: this.nowMs + ms, wake })),
        };
        const sessions = new SessionKeeper(ports, PROVIDER);
        const keeper = new DeliveryKeeper(ports, config, sessions);
        const deliverer = new Deliverer(ports, keeper, sessions);
        const get = (name: string, init?: RequestInit) => {
            const request = new Request(`${ORIGIN}/demo/${name}`, init);
            return deliverer.deliver(request, `/demo/${name}`);
        };
        /** Reads to the end, and signs. */
        const play = async (name: string, init?: RequestInit) => {
            const { response } = await get(name, init);
            const body = new Uint8Array(await response.arrayBuffer());
            return { response, body };
        };
        return { sessions, keeper, get, play };
    }

    async advance(ms: number): Promise<void> {
        this.nowMs += ms;
        const due = this.#sleepers.filter(({ atMs }) => atMs <= this.nowMs);
        this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
        for (const { wake } of due) wake();
        await settle();
    }

    get last(): NodeSession {
        return [...this.sessions.values()].at(-1) as NodeSession;
    }

    codes(type: 'unsigned' | 'error'): string[] {
        return this.events.flatMap((event) => (event.type === type ? [event.code] : []));
    }

    async #fetch(request: Request): Promise<Response> {
        const { origin, pathname } = new URL(request.url);
        if (this.down.has(origin)) throw new TypeError('fetch failed');
        const body = request.method === 'POST' ? ((await request.json()) as Json) : {};
        const override = this.answers.get(pathname) ?? this.answers.get(origin + pathname);
        if (override !== undefined) return override(body);
        if (pathname === ROUTE_PATH) return Response.json(this.#route());
        if (pathname === TOKENS_PATH) return Response.json(this.#issue(body));
        if (pathname === RECEIPT_COPIES_PATH) return this.#copy(body as unknown as SignedReceipt);
        if (pathname === SESSIONS_PATH) return this.#open(body);
        if (pathname === RECEIPTS_PATH) return this.#receive(body as unknown as SignedReceipt);
        return this.#serve(request, origin, pathname);
    }

    #route() {
        const decision = this.location.startsWith(ORIGIN) ? 'traditional' : 'relay';
        const node = decision === 'relay' ? ADDRESS : null;
        return { address: '192.0.2.1', path: '/', decision, node, location: this.location, candidates: [] };
    }

    #issue({ clientPublicKey = '' }: Json) {
        this.tokens += 1;
        const token = encodeToken({
            contract: new Uint8Array(32),
            clusterTag: 1,
            epoch: 4,
            tokenId: new Uint8Array(16).fill(this.tokens),
            node: new Uint8Array(32).fill(9),
            clientPublicKey: fromBase64(clientPublicKey),
            maxBytes: 1n << 30n,
            notBeforeSecs: Math.floor(this.nowMs / 1000) - 1,
            notAfterSecs: Math.floor(this.nowMs / 1000) + this.tokenSecs,
            clientGroup: 0,
            flags: 0,
        });
        const key = fromBase64(clientPublicKey);
        this.sessions.set(toHex(hashToken(token)), { token, key, handed: 0, receipt: null, receipted: 0 });
        const tokenSignature = toBase64(new Uint8Array(64));
        const clusterTimeSecs = Math.floor(this.nowMs / 1000);
        return { token: toBase64(token), tokenSignature, contract: ADDRESS, epoch: 4, clusterTimeSecs };
    }

    #open({ token = '', proof = '', timestampMs }: Json): Response {
        if (Math.abs(Number(timestampMs) - this.nowMs) > PROOF_WINDOW_MS)
            return refuse(403, 'PROOF_CLOCK', { nowMs: this.nowMs });
        const tokenHash = hashToken(fromBase64(token));
        const held = this.sessions.get(toHex(tokenHash)) as NodeSession;
        const node = new Uint8Array(32).fill(9);
        const message = encodeSessionProof({ tokenHash, node, timestampMs: BigInt(timestampMs ?? 0) });
        if (!verify(held.key, message, fromBase64(proof))) throw new Error('proof not signed by the key of the token');
        return Response.json({
            session: toHex(tokenHash),
            creditBytes: String(this.creditBytes),
            receipt: held.receipt?.receipt ?? null,
            receiptSignature: held.receipt?.receiptSignature ?? null,
        });
    }

    #receive(signed: SignedReceipt): Response {
        const receipt = decodeReceipt(fromBase64(signed.receipt));
        const held = this.sessions.get(toHex(receipt.tokenHash)) as NodeSession;
        if (!verify(held.key, fromBase64(signed.receipt), fromBase64(signed.receiptSignature)))
            return refuse(403, 'RECEIPT_SIGNATURE_INVALID');
        const last = held.receipt === null ? null : decodeReceipt(fromBase64(held.receipt.receipt));
        const { notBeforeSecs, notAfterSecs } = decodeToken(held.token);
        if (receipt.lastMs < notBeforeSecs * 1000 || receipt.lastMs > notAfterSecs * 1000)
            return refuse(400, 'RECEIPT_TIME_OUTSIDE');
        if (last !== null && receipt.seq < last.seq) return refuse(409, 'RECEIPT_STALE');
        if (receipt.bytes > BigInt(held.handed)) return refuse(409, 'RECEIPT_EXCEEDS_SENT');
        held.receipt = signed;
        held.receipted = Number(receipt.bytes);
        return Response.json({ seq: receipt.seq, bytes: receipt.bytes.toString() });
    }

    #copy(signed: SignedReceipt): Response {
        this.copies.push(signed);
        const { seq, bytes } = decodeReceipt(fromBase64(signed.receipt));
        return Response.json({ seq, bytes: bytes.toString() });
    }

    #serve(request: Request, origin: string, pathname: string): Response {
        this.asked.push(request);
        const object = this.objects.get(pathname.slice('/demo/'.length));
        if (object === undefined) return refuse(404, 'OBJECT_UNKNOWN');
        const id = request.headers.get(SESSION_HEADER);
        const session = id === null || origin === ORIGIN ? undefined : this.sessions.get(id);
        if (id !== null && session === undefined) return refuse(401, 'SESSION_UNKNOWN');
        if (session !== undefined && session.handed - session.receipted > this.creditBytes)
            return refuse(402, 'CREDIT_EXHAUSTED');
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '');
        const part = range === null ? object : object.subarray(Number(range[1]), Number(range[2]) + 1);
        const headers = { 'content-type': 'video/mp4', 'content-length': String(part.byteLength), ...this.headers };
        if (request.method === 'HEAD') return new Response(null, { headers });
        return new Response(
            chunked(part, (bytes) => {
                if (session !== undefined) session.handed += bytes;
            }),
            {
                status: range === null ? 200 : 206,
                headers: range === null ? headers : { ...headers, 'content-range': `${range[0]}/${object.byteLength}` },
            },
        );
    }
}

function chunked(bytes: Uint8Array, onHanded: (bytes: number) => void): ReadableStream<Uint8Array> {
    let offset = 0;
    return new ReadableStream({
        pull(controller) {
            const chunk = bytes.slice(offset, offset + 60_000);
            offset += chunk.byteLength;
            if (chunk.byteLength === 0) return controller.close();
            onHanded(chunk.byteLength);
            controller.enqueue(chunk);
        },
    });
}

export const refuse = (status: number, what: string, details: Record<string, unknown> = {}): Response =>
    Response.json({ code: `MKT_NODE__${what}`, message: 'Refused.', details }, { status });

/** Lets everything run that waits for nothing but itself. */
export const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
};

/** Everybody is there, and so is one object of 1000 bytes. */
export function createWorld(): World {
    const world = new World();
    world.objects.set('a.m4s', A);
    return world;
}

export const hostsOf = (world: World): string[] => world.asked.map(({ url }) => new URL(url).origin);
