import { decodeReceipt, fromBase64, hashToken, type Receipt, toHex, verify } from '@ocm/sdk/core';
import { nodeStatus, RECEIPT_COPIES_PATH, type SignedReceipt, STATUS_PATH, TOKENS_PATH } from '@ocm/sdk/http';
import {
    ask,
    type Cleanup,
    createWorld,
    named,
    type Origin,
    silent,
    startOrigin,
    startTestNode,
    Viewer,
    type World,
} from './support.js';

export interface TestProvider {
    url: string;
    /** Client keys that got a token. */
    tokens: Uint8Array[];
    /** The highest receipt of each session, checked. */
    copies: Map<string, Receipt>;
}
export interface ProviderRules {
    maxBytes?: bigint;
    /** Answers in the place of the provider. */
    refuse?: () => { status: number; afterMs?: number } | null;
}

/** Issues tokens of the world's contract, and checks every receipt that it gets a copy of. */
export async function startProvider(world: World, cleanup: Cleanup, rules: ProviderRules = {}): Promise<TestProvider> {
    const tokens: Uint8Array[] = [];
    const keys = new Map<string, Uint8Array>();
    const copies = new Map<string, Receipt>();
    const issue = ({ clientPublicKey = '' }: Record<string, string>): unknown => {
        const key = fromBase64(clientPublicKey);
        const change = rules.maxBytes === undefined ? {} : { maxBytes: rules.maxBytes };
        const { tokenBytes, tokenSignature } = new Viewer(world, { clientPublicKey: key, ...change });
        tokens.push(key);
        keys.set(toHex(hashToken(tokenBytes)), key);
        const token = Buffer.from(tokenBytes).toString('base64');
        return { token, tokenSignature, contract: '11111111111111111111111111111111', epoch: 0 };
    };
    const copy = ({ receipt, receiptSignature }: SignedReceipt): unknown => {
        const body = fromBase64(receipt);
        const decoded = decodeReceipt(body);
        const session = toHex(decoded.tokenHash);
        const key = keys.get(session);
        if (key === undefined || !verify(key, body, fromBase64(receiptSignature))) throw new Error('a foreign receipt');
        copies.set(session, decoded);
        return { seq: decoded.seq, bytes: decoded.bytes.toString() };
    };
    const origin = await startOrigin((request, response) => {
        let text = '';
        request.on('data', (chunk) => {
            text += String(chunk);
        });
        request.on('end', () => {
            const refusal = rules.refuse?.() ?? null;
            const say = (status: number, body: unknown) => {
                response.writeHead(status, { 'content-type': 'application/json' });
                response.end(JSON.stringify(body));
            };
            if (refusal !== null) {
                const problem = { code: 'MKT_PROVIDER__GROUP_TOKENS_CAPPED', message: 'no more' };
                setTimeout(() => say(refusal.status, problem), refusal.afterMs ?? 0).unref();
                return;
            }
            const body = JSON.parse(text);
            if (request.url === TOKENS_PATH) say(200, issue(body));
            else if (request.url === RECEIPT_COPIES_PATH) say(200, copy(body));
            else say(404, {});
        });
    });
    cleanup.add(() => origin.close());
    return { url: origin.url, tokens, copies };
}

export interface House {
    world: World;
    origin: Origin;
    provider: TestProvider;
    relay: Awaited<ReturnType<typeof startTestNode>>;
    beacon: Awaited<ReturnType<typeof startTestNode>>;
    /** As a player without a key would. */
    play(path: string): ReturnType<typeof ask>;
    /** Bytes that the RELAY sent, and those that it has receipts for. */
    relayBytes(): Promise<{ served: bigint; receipted: bigint }>;
    warnings: unknown[];
}
export interface HouseRules {
    creditBytes?: number;
    provider?: ProviderRules;
    serve?: Parameters<typeof startOrigin>[0];
    /** Asked in the place of the RELAY. */
    parentUrl?: string;
}

/** Origin, RELAY, provider, and the BEACON of a house whose players sign nothing. */
export async function startHouse(cleanup: Cleanup, rules: HouseRules = {}): Promise<House> {
    const world = createWorld(rules.creditBytes === undefined ? {} : { creditBytes: rules.creditBytes });
    const origin = await startOrigin(rules.serve ?? serveBySize);
    cleanup.add(() => origin.close());
    const provider = await startProvider(world, cleanup, rules.provider);
    const relay = await startTestNode({ world, parentUrl: origin.url });
    cleanup.add(() => relay.stop());
    const warnings: unknown[] = [];
    const beacon = await startTestNode({
        world,
        role: 'beacon',
        parentUrl: origin.url,
        config: {
            node: named('beacon').address,
            parentTiers: [
                { name: 'relays', parents: [{ url: rules.parentUrl ?? relay.url, node: relay.config.node }] },
            ],
            receipts: { providerUrl: provider.url },
            line: { metered: 'no' },
        },
        deps: { log: { ...silent, warn: (details: unknown) => warnings.push(details) } },
    });
    cleanup.add(() => beacon.stop());
    return {
        world,
        origin,
        provider,
        relay,
        beacon,
        play: (path) => ask(beacon.url, path),
        async relayBytes() {
            const status = nodeStatus.parse(JSON.parse((await ask(relay.url, STATUS_PATH)).body.toString()));
            return { served: BigInt(status.servedBytes), receipted: BigInt(status.receiptedBytes) };
        },
        warnings,
    };
}

/** `/SIZE/…` has so many bytes. */
const serveBySize: Parameters<typeof startOrigin>[0] = ({ url = '' }, response) => {
    const size = Number(url.split('/')[1]);
    response.setHeader('cache-control', 'max-age=600');
    response.end(bodyOf(size));
};
export const bodyOf = (size: number): Buffer => Buffer.alloc(size, 'ocm');
