import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computeEpochBounds } from '@ocm/sdk';
import { fromBase64, generateKeyPair, toBase64, verify } from '@ocm/sdk/core';
import { deliveryReport, errorBody, TOKENS_PATH, tokenResponse } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readContract, testIssuer, testKeypair, travelTo } from '../support/index.js';
import { isProviderBuilt, kill, killLeftovers, run } from './provider-process.js';
import { createIssuingWorld, type IssuingWorld, writeKeypair } from './provider-world.js';

if (!isProviderBuilt)
    process.stderr.write('SKIPPED: tests of the ocm-provider process need `npx tsc -b workers/provider`\n');
const CAP = 3;

let world: IssuingWorld;
let configPath: string;

beforeAll(async () => {
    world = await createIssuingWorld();
    configPath = join(world.folder, 'provider.json');
    await writeFile(configPath, JSON.stringify(await config()));
});
afterEach(killLeftovers);
afterAll(() => world.close());

async function config() {
    const { hot, owner } = world.trade.contentProvider;
    return {
        rpcUrl: world.rpcUrl,
        dataDir: join(world.folder, 'worker'),
        listen: { host: '127.0.0.1', port: 0 },
        hotKeypairPath: await writeKeypair(join(world.folder, 'hot.json'), hot),
        rotation: {
            cron: '0 3 * * 1',
            leadEpochs: 2,
            ownerKeypairPath: await writeKeypair(join(world.folder, 'owner.json'), owner),
        },
        issuerKeypairPath: world.issuerPath,
        contracts: [world.trade.contract.address.toBase58()],
        committerUrl: 'http://127.0.0.1:9',
        caps: { tokensPerPrefix: CAP },
        providerSecret: 'a secret of the provider',
    };
}

/** Starts the worker and waits until it says where it listens. */
async function serve(env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
    const { child, text, ended } = run(['--config', configPath], { LOG_LEVEL: 'info', ...env });
    const urlOf = () => /"url":"(http:[^"]+)"/.exec(text.stdout + text.stderr)?.[1];
    const deadline = Date.now() + 40_000;
    for (let url = urlOf(); Date.now() < deadline; url = urlOf()) {
        if (url !== undefined) return { child, url };
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ended]);
        if (child.exitCode !== null) break;
    }
    throw new Error(`the worker did not start: ${text.stdout}${text.stderr}`);
}

async function ask(url: string) {
    const clientPublicKey = toBase64(generateKeyPair().publicKey);
    const response = await fetch(url + TOKENS_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ node: world.trade.node.address.toBase58(), clientPublicKey }),
    });
    const body: unknown = await response.json();
    if (response.ok) return { status: response.status, token: tokenResponse.parse(body) };
    return { status: response.status, code: errorBody.parse(body).code, wait: response.headers.get('retry-after') };
}

describe.skipIf(!isProviderBuilt)('the ocm-provider process', () => {
    it('gives nobody its caps anew by being killed', async () => {
        const first = await serve();
        for (let count = 0; count < CAP; count += 1) expect((await ask(first.url)).status).toBe(200);
        await kill(first.child, 'SIGKILL');
        const second = await serve();
        expect(await ask(second.url)).toMatchObject({
            status: 429,
            code: 'MKT_PROVIDER__PREFIX_TOKENS_CAPPED',
            wait: '10',
        });
        await kill(second.child, 'SIGTERM');
    });

    it('finds the key of a rotation that ran beside it, and signs with it from its epoch on', async () => {
        const { url, child } = await serve();
        const rotated = await run(['rotate', '--config', configPath]).ended;
        expect([rotated.code, rotated.stderr.includes('MKT_')]).toEqual([0, false]);
        const line = JSON.parse(rotated.stdout.trim().split('\n').at(-1) ?? '') as { issuer: string; outcome: string };
        expect(line).toMatchObject({ outcome: 'rotated', fromEpoch: 2 });
        const contract = await readContract(world.trade.market, world.trade.contract);
        expect(contract.issuer[1]?.toBase58()).toBe(line.issuer);
        travelTo(world.trade.market, computeEpochBounds(contract, 2).beginsAt);
        // What the worker has read of contract and clock is two seconds old at most.
        await new Promise((resolve) => setTimeout(resolve, 2_100));
        const { token } = await ask(url);
        if (token === undefined) throw new Error('a token is issued');
        expect(token.epoch).toBe(2);
        const signature = fromBase64(token.tokenSignature);
        expect(verify(new PublicKey(line.issuer).toBytes(), fromBase64(token.token), signature)).toBe(true);
        await kill(child, 'SIGTERM');
    });

    it('does not start without the key in force, and says which one and what to do', async () => {
        const other = await writeKeypair(join(world.folder, 'wrong.json'), testKeypair('wrong issuer'));
        const env = { OCM_ISSUER_KEYPAIR_PATH: other, OCM_DATA_DIR: join(world.folder, 'elsewhere') };
        const { code, stderr } = await run(['--config', configPath], env).ended;
        expect(code).toBe(1);
        expect(stderr).toContain('MKT_PROVIDER__ISSUER_KEY_MISSING');
        expect(stderr).toContain('issuerKeypairPaths');
        expect(stderr).toContain(testKeypair('wrong issuer').publicKey.toBase58());
    });

    it('writes reports whose signatures hold until a byte is changed', async () => {
        const { url, child } = await serve();
        const out = join(world.folder, 'reports');
        const contract = world.trade.contract.address.toBase58();
        const asked = ['report', '--config', configPath, '--contract', contract, '--url', url, '--out', out];
        const written = await run([...asked, '--to', '1', '--timezone', 'Europe/Berlin']).ended;
        expect([written.code, written.stderr]).toEqual([0, expect.not.stringContaining('MKT_')]);
        const names = (await readdir(out)).sort();
        expect(names.map((name) => name.replace(/^report-[^.]*/, ''))).toEqual([
            '.csv',
            '.csv.sig',
            '.json',
            '.json.sig',
            '.pdf',
            '.pdf.sig',
        ]);
        const json = await readFile(join(out, names[2] ?? ''), 'utf8');
        expect(deliveryReport.parse(JSON.parse(json))).toMatchObject({ contract, from: 0, to: 1 });
        const key = world.trade.contentProvider.hot.publicKey.toBase58();
        const pdf = join(out, names[4] ?? '');
        const verified = await run(['verify', pdf, '--key', key]).ended;
        expect([verified.code, JSON.parse(verified.stdout)]).toEqual([0, expect.objectContaining({ holds: true })]);
        const bytes = await readFile(pdf);
        expect(bytes.toString('latin1')).toContain('/SubFilter /ETSI.CAdES.detached');
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(pdf, bytes);
        const refused = await run(['verify', pdf, '--key', key]).ended;
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('REPORT_SIGNATURE_WRONG')]);
        await kill(child, 'SIGTERM');
    });

    it('rotates at the configured times, where it may sign as the owner', async () => {
        const { market, contract } = world.trade;
        // Epoch 2 began with the key of the command; nobody needs that before it once its epochs cannot be committed.
        const { commitDelaySecs, commitWindowSecs } = contract;
        travelTo(market, computeEpochBounds(contract, 2).beginsAt + BigInt(commitDelaySecs + commitWindowSecs + 1));
        const rotation = { cron: '* * * * * *', leadEpochs: 3, ownerKeypairPath: join(world.folder, 'owner.json') };
        const { child } = await serve({ OCM_ROTATION: JSON.stringify(rotation) });
        const deadline = Date.now() + 40_000;
        let issuers = contract.issuer;
        while (Date.now() < deadline && issuers[0]?.equals(testIssuer.publicKey)) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            issuers = (await readContract(market, contract)).issuer;
        }
        const [first] = issuers;
        const made = await readdir(join(world.folder, 'worker', 'issuers'));
        expect(made).toContain(`${first?.toBase58()}.json`);
        await kill(child, 'SIGTERM');
        // Asked every second, it has made one key and no more: that of the command is the other.
        expect(await readdir(join(world.folder, 'worker', 'issuers'))).toHaveLength(2);
    });

    it('refuses what is no command in one line', async () => {
        const { code, stderr } = await run(['launch', '--config', configPath]).ended;
        expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
        expect(stderr).toContain('[MKT_PROVIDER__COMMAND_UNKNOWN]');
    });
});
