import { createHash } from 'node:crypto';
import { buildSettlementTree, decodeLeaf, fromBase64, parseIp } from '@ocm/sdk/core';
import { computeManifestHash } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { AFTER_EPOCH_MS, evidenceOf, fileOf, filesOf, setUpLogs } from './log-support.js';
import { ask, Cleanup, named, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const CLIENTS = ['127.5.6.7', '127.9.8.201'];
const USER = 'alice.liddell@example.org';
const PATH = `/films/looking-glass/${encodeURIComponent(USER)}/part-1.ts`;
const QUERY = `?user=${encodeURIComponent(USER)}&token=opensesame`;

const base58Of = (bytes: Buffer): string => (bytes.length === 32 ? new PublicKey(bytes).toBase58() : '');
/** Every form in which bytes are written in JSON or logs, and the bytes themselves; too short ones would be found by chance. */
function spellingsOf(bytes: Buffer): Buffer[] {
    const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), base58Of(bytes)];
    for (const encoding of ['base64', 'base64url'] as const) texts.push(bytes.toString(encoding).replace(/=+$/, ''));
    return [bytes, ...texts.map((text) => Buffer.from(text))].filter(({ length }) => length >= 4);
}

/** What tells of a viewer: the value, its spellings, and those of its plain hashes, whole or cut to 16 bytes. */
function tracesOf(values: readonly (string | Uint8Array)[]): Buffer[] {
    return values.flatMap((value) => {
        const bytes = Buffer.from(value as string);
        const hashes = ['sha256', 'sha1', 'md5'].flatMap((name) => {
            const digest = createHash(name).update(bytes).digest();
            return [digest, digest.subarray(0, 16), digest.subarray(0, 8)];
        });
        return [bytes, ...hashes].flatMap(spellingsOf);
    });
}

const addresses = CLIENTS.flatMap((text) => [text, parseIp(text), `::ffff:${text}`]);
const users = [USER, encodeURIComponent(USER), 'opensesame', QUERY, QUERY.slice(1)];
const urlsOf = (base: string) => [
    PATH,
    `${base}${PATH}`,
    `${base}${PATH}${QUERY}`,
    `${PATH}${QUERY}`,
    'part-1.ts',
    'looking-glass',
];
const findTraces = (text: Buffer, traces: readonly Buffer[]) =>
    traces.filter((trace) => text.includes(trace)).map(String);

describe('nothing of a viewer', () => {
    it('is in what a node hands towards the chain, neither plain nor hashed', async () => {
        const { world, node, clock, parentUrl } = await setUpLogs(cleanup);
        for (const localAddress of CLIENTS) {
            const viewer = new Viewer(world, { clientGroup: 0xfeedbeef });
            await viewer.open(node.url);
            const headers = { 'user-agent': USER, referer: `http://page.example${PATH}`, cookie: `u=${USER}` };
            await viewer.get(node.url, `${PATH}${QUERY}`, { localAddress, headers });
            await viewer.acknowledge(node.url, { bytes: 1_000n });
        }
        await ask(node.url, `${PATH}${QUERY}`, { localAddress: CLIENTS[1] ?? '' });
        clock.shiftMs = AFTER_EPOCH_MS;
        const evidence = await evidenceOf(node.url, world);
        expect(evidence.sessions.flatMap(({ records }) => records)).toHaveLength(2);

        // What the committer makes of it: the manifest that it publishes, and what its transactions carry.
        const sessions = evidence.sessions.map(({ records: _, ...session }) => ({ ...session, node: evidence.node }));
        const leaves = sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
        const { root, depth, totalBytes, leafCount } = buildSettlementTree(leaves);
        const content = {
            commitment: named('commitment').address,
            contract: evidence.contract,
            epoch: evidence.epoch,
            kind: 0,
            root: Buffer.from(root).toString('hex'),
            depth,
            leafCount,
            totalBytes: totalBytes.toString(),
            sessions,
        };
        const binary = sessions.flatMap((session) =>
            [session.token, session.tokenSignature, session.receipt, session.receiptSignature, session.leaf].map(
                fromBase64,
            ),
        );
        const manifest = JSON.stringify({ ...content, manifestHash: computeManifestHash(content) });
        const [file] = await filesOf(node.url);
        const handed = {
            evidence: Buffer.from(JSON.stringify(evidence)),
            manifest: Buffer.from(manifest),
            transactions: Buffer.concat([root, ...binary]),
            file: (await fileOf(node.url, file?.name ?? '')).body,
        };
        const traces = tracesOf([...addresses, ...users, ...urlsOf(parentUrl), ...urlsOf(node.url)]);
        // The scan finds what is there: a token's hash, and the collection that the file names.
        expect(findTraces(handed.transactions, tracesOf([fromBase64(sessions[0]?.token ?? '')]))).not.toEqual([]);
        expect(handed.file.includes('"/films/"')).toBe(true);
        for (const [name, bytes] of Object.entries(handed)) expect(findTraces(bytes, traces), name).toEqual([]);
        // Of what is published, not even the collection.
        for (const bytes of [handed.manifest, handed.transactions]) {
            expect(findTraces(bytes, tracesOf(['/films/', 'films']))).toEqual([]);
        }
    });
});
