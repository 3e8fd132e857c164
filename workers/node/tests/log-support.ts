import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import {
    EVIDENCE_PATH,
    type EvidencePage,
    evidencePage,
    LOGS_PATH,
    type LogFileList,
    logFileList,
    type RecordPage,
    recordPage,
    type SaltedRecord,
    type SessionEvidence,
} from '@ocm/sdk/http';
import {
    type Answer,
    ask,
    type Cleanup,
    createWorld,
    operator,
    startOrigin,
    startTestNode,
    tempDir,
    type World,
} from './support.js';

export const OBJECT_BYTES = 1_000;
/** Past the end of epoch 0 and the grace of its tokens. */
export const AFTER_EPOCH_MS = (3600 + 601) * 1000;
export const DAY_MS = 86_400_000;

export interface LogSetup {
    world: World;
    node: Awaited<ReturnType<typeof startTestNode>>;
    dataDir: string;
    parentUrl: string;
    clock: { shiftMs: number };
}
/** A RELAY with an origin of small objects and a clock that a test moves. */
export async function setUpLogs(
    cleanup: Cleanup,
    log: Record<string, unknown> = {},
    world = createWorld(),
): Promise<LogSetup> {
    const from = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-length': OBJECT_BYTES, 'cache-control': 'max-age=600' });
        response.end(Buffer.alloc(OBJECT_BYTES));
    });
    cleanup.add(() => from.close());
    const dataDir = await tempDir();
    const clock = { shiftMs: 0 };
    const deps = { now: () => Date.now() + clock.shiftMs };
    const node = await startTestNode({ world, parentUrl: from.url, dataDir, config: { log }, deps });
    cleanup.add(() => node.stop());
    return { world, node, dataDir, parentUrl: from.url, clock };
}

/** All of an epoch's evidence with all its records, put together of its pages. */
export type WholeEvidence = Omit<EvidencePage, 'sessions' | 'next'> & {
    sessions: (SessionEvidence & { records: SaltedRecord[] })[];
};
export const evidencePath = (world: World, epoch: number | string = 0): string =>
    `${EVIDENCE_PATH}/${world.contract.address}/${epoch}`;

export async function evidenceOf(url: string, world: World, epoch = 0, limit = 500): Promise<WholeEvidence> {
    const path = evidencePath(world, epoch);
    const read = async (query: string): Promise<unknown> => {
        const answer = await ask(url, path + query, { headers: operator });
        if (answer.status !== 200) throw new Error(answer.body.toString());
        return JSON.parse(answer.body.toString());
    };
    let page = evidencePage.parse(await read(`?limit=${limit}`));
    const { sessions: _, next: __, ...head } = page;
    const sessions = [...page.sessions];
    while (page.next !== null) {
        page = evidencePage.parse(await read(`?limit=${limit}&after=${page.next}`));
        sessions.push(...page.sessions);
    }
    const whole: WholeEvidence = { ...head, sessions: [] };
    for (const session of sessions) {
        const key = toHex(hashToken(fromBase64(session.token)));
        const records: SaltedRecord[] = [];
        for (let from: number | null = 0; from !== null; ) {
            const answer: RecordPage = recordPage.parse(await read(`/${key}?from=${from}&limit=${limit}`));
            records.push(...answer.records);
            from = answer.next;
        }
        whole.sessions.push({ ...session, records });
    }
    return whole;
}

export async function filesOf(url: string, headers: Record<string, string> = operator): Promise<LogFileList['files']> {
    return logFileList.parse(JSON.parse((await ask(url, LOGS_PATH, { headers })).body.toString())).files;
}

export const fileOf = (url: string, name: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(url, `${LOGS_PATH}/${name}`, { headers: { ...operator, ...headers } });

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts);
    const size = body.length;
    const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const ED25519 = der(0x30, Buffer.from('06032b6570', 'hex'));
const NAME = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))));

/** A self-signed certificate (RFC 5280, Ed25519) and its key, made anew so that no key is in the repository. */
export async function writeCertificate(folder: string): Promise<{ certPath: string; keyPath: string; cert: string }> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const time = (shiftMs: number) =>
        der(0x17, Buffer.from(`${new Date(Date.now() + shiftMs).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const body = der(
        0x30,
        der(0x02, Buffer.from([1])),
        ED25519,
        NAME,
        der(0x30, time(-DAY_MS), time(DAY_MS)),
        NAME,
        spki,
    );
    const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
    const lines =
        der(0x30, body, ED25519, signature)
            .toString('base64')
            .match(/.{1,64}/g) ?? [];
    const cert = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certPath, cert);
    await writeFile(keyPath, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return { certPath, keyPath, cert };
}
