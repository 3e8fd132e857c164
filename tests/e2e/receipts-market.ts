import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, readKeypair } from '@ocm/runtime';
import { decodeReceipt, fromBase64, generateKeyPair, hashToken, toBase64, toHex } from '@ocm/sdk/core';
import {
    EVIDENCE_PATH,
    evidencePage,
    type NodeStatus,
    nodeStatus,
    PROVIDER_STATUS_PATH,
    providerStatus,
    STATUS_PATH,
    TOKENS_PATH,
    tokenResponse,
} from '@ocm/sdk/http';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { type RunningJob, readManifests, readPids, startMainJob } from './main-job.js';

export type EpochName = { contract: string; epoch: number };
export type Market = {
    /** Base URLs by name of the process. */
    urls: Record<'cast' | 'origin' | 'provider' | 'relay-a', string>;
    rpcUrl: string;
    /** What participants stake and pay in. */
    mint: PublicKey;
    mintAuthority: Keypair;
    relayStatus(): Promise<NodeStatus>;
    receiptCopies(): Promise<number>;
    /** Bytes by session (hex of its token's hash) of every commitment made so far. */
    committedBytes(): Promise<Map<string, bigint>>;
    /** Bytes that the RELAY logs as served to viewers without keys, in the given epoch and the three after it. */
    unreceiptedBytes(from: EpochName): Promise<bigint>;
    currentEpoch(): Promise<EpochName>;
    kill(name: string): Promise<void>;
    close(): Promise<void>;
};

/**
 * A main job that has done its work and stays up: chain, origin, CAST, RELAYs, provider and committer.
 * @param running state folder of one that runs already
 */
export async function openMarket(state: string, running: string | undefined): Promise<Market> {
    let job: RunningJob | undefined;
    if (running === undefined) {
        const rpcPort = String(await findFreePort(2));
        job = startMainJob(['--no-app', '--rpc-port', rpcPort, '--epoch-seconds', '6', '--state', state]);
        await job.until(/everything stays up until Ctrl-C/);
    }
    const folder = running ?? state;
    const ports = JSON.parse(await readFile(join(folder, 'ports.json'), 'utf8')) as Record<string, number>;
    const castConfig = JSON.parse(await readFile(join(folder, 'config', 'cast.json'), 'utf8')) as { rpcUrl: string };
    const mint = readKeypair(join(folder, 'keys', 'mint.json')).publicKey;
    const urlOf = (name: string) => `http://127.0.0.1:${ports[name]}`;
    const urls = {
        cast: urlOf('cast'),
        origin: urlOf('origin'),
        provider: urlOf('provider'),
        'relay-a': urlOf('relay-a'),
    };
    const currentEpoch = async (): Promise<EpochName> => {
        const { node } = nodeStatus.parse(await ask(`${urls['relay-a']}${STATUS_PATH}`));
        const body = JSON.stringify({ node, clientPublicKey: toBase64(generateKeyPair().publicKey) });
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${urls.provider}${TOKENS_PATH}`, { method: 'POST', headers, body });
        return tokenResponse.parse(await answer.json());
    };
    const ask = async (url: string): Promise<unknown> => (await fetch(url)).json();
    return {
        urls,
        rpcUrl: castConfig.rpcUrl,
        mint,
        mintAuthority: readKeypair(join(folder, 'keys', 'deployer.json')),
        relayStatus: async () => nodeStatus.parse(await ask(`${urls['relay-a']}${STATUS_PATH}`)),
        receiptCopies: async () =>
            providerStatus.parse(await ask(`${urls.provider}${PROVIDER_STATUS_PATH}`)).receiptCopies,
        async committedBytes() {
            const sessions = (await readManifests(folder)).flatMap((manifest) => manifest.sessions);
            return new Map(
                sessions.map(({ token, receipt }) => [
                    toHex(hashToken(fromBase64(token))),
                    decodeReceipt(fromBase64(receipt)).bytes,
                ]),
            );
        },
        async unreceiptedBytes({ contract, epoch }) {
            const secret = await readFile(join(folder, 'keys', 'operator-secret'), 'utf8');
            const headers = { authorization: `Bearer ${secret}` };
            const base = `${urls['relay-a']}${EVIDENCE_PATH}/${contract}`;
            let sum = 0n;
            for (const later of [0, 1, 2, 3]) {
                const answer = await fetch(`${base}/${epoch + later}`, { headers });
                if (answer.ok) sum += BigInt(evidencePage.parse(await answer.json()).unreceiptedBytes);
            }
            return sum;
        },
        currentEpoch,
        async kill(name) {
            process.kill((await readPids(folder))[name] ?? 0, 'SIGKILL');
        },
        async close() {
            job?.child.kill('SIGINT');
            await job?.ended;
            await rm(state, { recursive: true, force: true });
        },
    };
}
