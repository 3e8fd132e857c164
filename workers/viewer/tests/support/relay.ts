import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { findFreePort } from '@ocm/runtime';
import { decodeReceipt, encodeToken, fromBase64, fromHex, generateKeyPair, sign, toBase64, toHex } from '@ocm/sdk/core';
import { nodeStatus, RECEIPT_COPIES_PATH, STATUS_PATH, signedReceipt, TOKENS_PATH, tokenRequest } from '@ocm/sdk/http';
import { startWorker, untilServing } from './processes.js';

const CLUSTER_TAG = 0x4cd7a1e5;
const EPOCH_LENGTH_SECS = 3600;
const GRACE_SECS = 600;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** An account's name as 32 bytes, and 44 characters that pass for its address: nothing here asks a chain. */
function named(name: string): { address: string; addressHex: string } {
    const digest = createHash('sha256').update(name).digest();
    const more = createHash('sha256').update(digest).digest();
    const characters = [...digest, ...more.subarray(0, 12)].map((byte) => ALPHABET[byte % 58]);
    return { address: characters.join(''), addressHex: digest.toString('hex') };
}
const seller = named('seller');
const contract = named('contract');
export const relay = named('relay');

export type Relay = {
    url: string;
    kill(): Promise<void>;
    start(): Promise<void>;
    receiptedBytes(): Promise<number>;
};

/** The real node as a RELAY, without a chain: it lives on the view of one that its data folder holds. */
export async function createRelay(
    dir: string,
    {
        parentUrl,
        issuerPublicKey,
        creditBytes,
    }: { parentUrl: string; issuerPublicKey: Uint8Array; creditBytes: number },
): Promise<Relay> {
    const port = await findFreePort();
    const dataDir = join(dir, `relay-${port}`);
    await mkdir(dataDir);
    const view = viewOf(issuerPublicKey, creditBytes);
    await writeFile(join(dataDir, 'topology.json'), JSON.stringify(view));
    const config = {
        role: 'relay',
        node: relay.address,
        rpcUrl: `http://127.0.0.1:${await findFreePort()}`,
        dataDir,
        listen: { port },
        parentUrl,
        operatorSecret: 'a secret of the operator',
    };
    const url = `http://127.0.0.1:${port}`;
    let running = await startWorker('node', config, dir);
    await untilServing(running, `${url}/readyz`);
    return {
        url,
        kill: async () => {
            running.child.kill('SIGKILL');
            await running.finished;
        },
        start: async () => {
            running = await startWorker('node', config, dir);
            await untilServing(running, `${url}/readyz`);
        },
        receiptedBytes: async () => {
            const status = nodeStatus.parse(await (await fetch(url + STATUS_PATH)).json());
            return Number(status.receiptedBytes);
        },
    };
}

function viewOf(issuerPublicKey: Uint8Array, creditBytes: number): object {
    const nowSecs = Math.floor(Date.now() / 1000);
    return {
        readAtMs: Date.now(),
        clusterTag: CLUSTER_TAG,
        isDevelopment: true,
        params: { creditBytes: String(creditBytes), maxTokenBytes: String(2 ** 36), tokenGraceSecs: GRACE_SECS },
        nodes: [{ ...relay, participant: seller.address, role: 'relay', endpoints: [], isActive: true, spkiHex: null }],
        claims: [],
        contracts: [
            {
                ...contract,
                seller: seller.address,
                state: 'active',
                issuers: [
                    { publicKeyHex: toHex(issuerPublicKey), fromEpoch: 0 },
                    { publicKeyHex: '0'.repeat(64), fromEpoch: 0 },
                ],
                genesisSecs: nowSecs - 1,
                epochLengthSecs: EPOCH_LENGTH_SECS,
                epochCount: 100,
                claims: [],
            },
        ],
    };
}

export type Issuer = {
    url: string;
    publicKey: Uint8Array;
    tokens: number;
    /** Bytes of the highest receipt copy per token. */
    copies: Map<string, bigint>;
    close(): Promise<void>;
};

/** What a viewer needs of a content provider, which itself cannot run without a chain: tokens, and taking copies. */
export async function startIssuer({ lifeSecs = EPOCH_LENGTH_SECS } = {}): Promise<Issuer> {
    const key = generateKeyPair();
    const issuer = { publicKey: key.publicKey, tokens: 0, copies: new Map<string, bigint>() };
    const answer = (path: string | undefined, body: unknown): object | undefined => {
        if (path === TOKENS_PATH) {
            issuer.tokens += 1;
            const token = tokenFor(fromBase64(tokenRequest.parse(body).clientPublicKey), lifeSecs);
            const tokenSignature = toBase64(sign(key.secretSeed, token));
            const clusterTimeSecs = Math.floor(Date.now() / 1000);
            return { token: toBase64(token), tokenSignature, contract: contract.address, epoch: 0, clusterTimeSecs };
        }
        if (path !== RECEIPT_COPIES_PATH) return undefined;
        const { tokenHash, seq, bytes } = decodeReceipt(fromBase64(signedReceipt.parse(body).receipt));
        issuer.copies.set(toHex(tokenHash), bytes);
        return { seq, bytes: bytes.toString() };
    };
    const server = createServer(async (request, response) => {
        const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString());
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(request.url, body)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    if (typeof bound !== 'object' || bound === null) throw new Error('no address');
    return Object.assign(issuer, {
        url: `http://127.0.0.1:${bound.port}`,
        close: async () => {
            server.closeAllConnections();
            server.close();
            await once(server, 'close');
        },
    });
}

function tokenFor(clientPublicKey: Uint8Array, lifeSecs: number): Uint8Array {
    const nowSecs = Math.floor(Date.now() / 1000);
    return encodeToken({
        contract: fromHex(contract.addressHex),
        clusterTag: CLUSTER_TAG,
        epoch: 0,
        tokenId: Uint8Array.from(randomBytes(16)),
        node: fromHex(relay.addressHex),
        clientPublicKey,
        maxBytes: 1n << 30n,
        notBeforeSecs: nowSecs - 1,
        notAfterSecs: nowSecs + lifeSecs,
        clientGroup: 7,
        flags: 0,
    });
}
