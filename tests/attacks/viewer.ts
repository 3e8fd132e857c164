import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { computeEpochBounds } from '@ocm/sdk';
import {
    encodeReceipt,
    encodeSessionProof,
    encodeToken,
    fromBase64,
    generateKeyPair,
    hashToken,
    type KeyPair,
    publicKeyOf,
    type Receipt,
    sign,
    type Token,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import {
    type IssuedToken,
    nodeStatus,
    RECEIPTS_PATH,
    SESSION_HEADER,
    SESSIONS_PATH,
    STATUS_PATH,
    TOKENS_PATH,
} from '@ocm/sdk/http';
import { type FundedTrade, nowSecs, testIssuer } from '../support/index.js';

export type Told = { status: number; code?: string; body: Record<string, unknown> };

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Told> {
    const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
    });
    return toTold(response.status, (await response.json()) as Record<string, unknown>);
}

const toTold = (status: number, body: Record<string, unknown>): Told => ({
    status,
    body,
    ...(typeof body.code === 'string' ? { code: body.code } : {}),
});

/** What the content provider's service answers to a viewer with this key, who connects from an address of this machine. */
export const askToken = (
    providerUrl: string,
    { node }: FundedTrade,
    key: KeyPair,
    localAddress = '127.0.0.1',
): Promise<Told> =>
    new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json' };
        const options = { method: 'POST', headers, localAddress, agent: false };
        const asked = httpRequest(providerUrl + TOKENS_PATH, options, async (response) => {
            const told = JSON.parse(await text(response)) as Record<string, unknown>;
            resolve(toTold(response.statusCode ?? 0, told));
        });
        asked.on('error', reject);
        asked.end(JSON.stringify({ node: node.address.toBase58(), clientPublicKey: toBase64(key.publicKey) }));
    });

/** What a node says of itself. */
export const readNodeStatus = async (url: string) => nodeStatus.parse(await (await fetch(url + STATUS_PATH)).json());

/** A token of the contract's own issuer for the epoch that runs, but for what a test makes different. */
export function craftToken(
    { market, contract, node }: FundedTrade,
    key: KeyPair,
    change: Partial<Token> = {},
    issuerSeed: Uint8Array = testIssuer.secretKey.subarray(0, 32),
): IssuedToken {
    const epoch = Number((nowSecs(market) - contract.genesisAt) / BigInt(contract.epochLengthSecs));
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const token = encodeToken({
        contract: contract.address.toBytes(),
        clusterTag: contract.clusterTag,
        epoch,
        tokenId: generateKeyPair().publicKey.subarray(0, 16),
        node: node.address.toBytes(),
        clientPublicKey: publicKeyOf(key.secretSeed),
        maxBytes: 1n << 30n,
        notBeforeSecs: Number(beginsAt),
        notAfterSecs: Number(endsAt),
        clientGroup: 7,
        flags: 0,
        ...change,
    });
    return { token: toBase64(token), tokenSignature: toBase64(sign(issuerSeed, token)) };
}

/** A viewer at the node, signing by hand so that a test can also lie. */
export function createViewer(trade: FundedTrade, nodeUrl: string, key: KeyPair, issued: IssuedToken) {
    const { token, tokenSignature } = issued;
    const tokenHash = hashToken(fromBase64(token));
    const nowMs = () => Number(nowSecs(trade.market)) * 1_000;
    const headers = { [SESSION_HEADER]: toHex(tokenHash) };
    const sign_ = (change: Partial<Receipt>, by = key.secretSeed) => {
        const body = encodeReceipt({
            tokenHash,
            seq: 1,
            objects: 1,
            bytes: 1n,
            lastMs: BigInt(nowMs()),
            ttfbP95Ms: 20,
            stallCentisecs: 0,
            errors: 0,
            accumulator: new Uint8Array(32),
            ...change,
        });
        return { receipt: toBase64(body), receiptSignature: toBase64(sign(by, body)) };
    };
    return {
        key: toHex(tokenHash),
        open: () => {
            const timestampMs = nowMs();
            const node = trade.node.address.toBytes();
            const proof = encodeSessionProof({ tokenHash, node, timestampMs: BigInt(timestampMs) });
            const body = { token, tokenSignature, proof: toBase64(sign(key.secretSeed, proof)), timestampMs };
            return post(nodeUrl + SESSIONS_PATH, body);
        },
        receipt: sign_,
        acknowledge: (change: Partial<Receipt>, by?: Uint8Array) => post(nodeUrl + RECEIPTS_PATH, sign_(change, by)),
        /** Body bytes of one object as they arrive, however the response ends; 0 and the status where it is refused. */
        take: (path: string, onBytes: (bytes: number) => void, signal: AbortSignal) =>
            new Promise<number>((resolve) => {
                const { hostname, port } = new URL(nodeUrl);
                const asked = httpRequest({ hostname, port, path, headers, agent: false, signal }, (response) => {
                    const status = response.statusCode ?? 0;
                    response.on('data', (chunk: Buffer) => void (status === 200 && onBytes(chunk.length)));
                    response.on('error', () => resolve(status));
                    response.on('close', () => resolve(status));
                });
                asked.on('error', () => resolve(0));
                asked.end();
            }),
    };
}
export type AttackViewer = ReturnType<typeof createViewer>;
