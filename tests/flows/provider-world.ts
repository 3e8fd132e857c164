import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '@ocm/cluster';
import { ClusterClock, createChainReader, nodeConfig, PolledTopology, startNode } from '@ocm/node';
import { createProviderChain, createTokenIssuer, openGrantBook, openKeyring, resolveCaps } from '@ocm/provider';
import { type ChainGateway, createChainGateway, createLogger } from '@ocm/runtime';
import {
    encodeSessionProof,
    fromBase64,
    generateKeyPair,
    hashToken,
    type KeyPair,
    sign,
    toBase64,
} from '@ocm/sdk/core';
import { type IssuedToken, SESSIONS_PATH, type TokenResponse } from '@ocm/sdk/http';
import type { Keypair } from '@solana/web3.js';
import {
    CLUSTER_TAG,
    createActiveContract,
    needTimeTravel,
    nowSecs,
    type TestCluster,
    testIssuer,
    travelTo,
} from '../support/index.js';

const log = createLogger({ name: 'test', level: 'silent' });

/** A keypair file as the Solana CLI writes it. */
export async function writeKeypair(path: string, keypair: Keypair): Promise<string> {
    await writeFile(path, JSON.stringify([...keypair.secretKey]), { mode: 0o600 });
    return path;
}

/** The test's own cluster on a socket, for what speaks RPC. */
export function listenInProcess({ cluster }: TestCluster) {
    return (cluster as unknown as SimulatedCluster).listen({ host: '127.0.0.1', port: 0 });
}

/**
 * A contract that has begun, its issuer's key in a folder, and a RELAY that has read all of it from chain. Its own clock,
 * which is also its viewers', is that of the cluster unless it is shifted.
 */
export async function createIssuingWorld({ localShiftSecs = 0 } = {}) {
    const trade = await createActiveContract({ contract: { epochCount: 50 } });
    const { market, contract, contentProvider } = trade;
    needTimeTravel(market);
    travelTo(market, contract.genesisAt);
    const folder = await mkdtemp(join(tmpdir(), 'ocm-issuing-'));
    const issuerPath = await writeKeypair(join(folder, 'issuer.json'), testIssuer);
    const keys = openKeyring({ paths: [issuerPath], folder: join(folder, 'issuers') });
    const grants = await openGrantBook({ dataDir: folder, log });
    const cluster = await listenInProcess(market);
    const real = createChainGateway({ rpcUrl: cluster.rpcUrl, log });
    // Test markets are initialised with a tag of their own instead of the cluster's.
    const gateway: ChainGateway = { ...real, clusterTag: async () => CLUSTER_TAG };
    const nowMs = () => (Number(nowSecs(market)) + localShiftSecs) * 1_000;
    const dataDir = join(folder, 'node');
    const clock = await ClusterClock.open({ dataDir, now: nowMs, monotonicMs: nowMs, log });
    const topology = await PolledTopology.start({
        ...createChainReader({
            rpcUrl: cluster.rpcUrl,
            node: trade.node.address.toBase58(),
            role: 'relay',
            clock,
            now: nowMs,
            log,
        }),
        dataDir,
        intervalMs: 3_600_000,
        log,
    });
    const node = await startNode(
        nodeConfig.parse({
            role: 'relay',
            node: trade.node.address.toBase58(),
            rpcUrl: cluster.rpcUrl,
            dataDir,
            listen: { host: '127.0.0.1', port: 0 },
            parentUrl: 'http://127.0.0.1:9',
            operatorSecret: 'a secret of the operator',
        }),
        { topology, clock, now: nowMs, log },
    );
    /** A new one each time: it keeps what it has read for a moment, and the time of a test jumps. */
    const chain = () => createProviderChain({ gateway, signer: contentProvider.owner });
    return {
        trade,
        folder,
        issuerPath,
        keys,
        gateway,
        chain,
        rpcUrl: cluster.rpcUrl,
        nodeUrl: node.url,
        async issue(): Promise<{ client: KeyPair; answer: TokenResponse }> {
            const issuer = createTokenIssuer({
                chain: chain(),
                contracts: [contract.address],
                keys,
                grants,
                caps: (name) => resolveCaps(name),
                remember: async () => undefined,
            });
            const client = generateKeyPair();
            const clientPublicKey = toBase64(client.publicKey);
            const request = { node: trade.node.address.toBase58(), clientPublicKey, address: '192.0.2.1' };
            return { client, answer: await issuer.issue(request) };
        },
        /** What the node says when a viewer opens a session: 200, or the code of its refusal. */
        async open(
            { client, answer }: { client: KeyPair; answer: IssuedToken },
            timestampMs = nowMs(),
        ): Promise<number | string> {
            await topology.refresh();
            const tokenHash = hashToken(fromBase64(answer.token));
            const proof = encodeSessionProof({
                tokenHash,
                node: trade.node.address.toBytes(),
                timestampMs: BigInt(timestampMs),
            });
            const { token, tokenSignature } = answer;
            const body = {
                token,
                tokenSignature,
                proof: toBase64(sign(client.secretSeed, proof)),
                timestampMs,
            };
            const response = await fetch(`${node.url}${SESSIONS_PATH}`, {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify(body),
            });
            const { code } = (await response.json()) as { code?: string };
            return response.status === 200 || code === undefined ? response.status : code;
        },
        async close() {
            await node.stop();
            gateway.close();
            await cluster.close();
            await grants.close();
            await market.cluster.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
export type IssuingWorld = Awaited<ReturnType<typeof createIssuingWorld>>;
