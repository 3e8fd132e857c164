import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, type ServiceContext } from '@ocm/runtime';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { report } from '../src/commands/report.js';
import { rotate } from '../src/commands/rotate.js';
import { verifyFile } from '../src/commands/verify.js';
import { providerConfig } from '../src/config.js';
import { signReport } from '../src/report/sign.js';
import { log } from './support/world.js';

let folder: string;
let hooks: (() => unknown)[];
let context: ServiceContext;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-commands-'));
    hooks = [];
    context = {
        signal: new AbortController().signal,
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        onStop: (hook) => void hooks.push(hook),
        untilStopped: async () => undefined,
    };
});
afterEach(async () => {
    for (const hook of hooks) await hook();
    await rm(folder, { recursive: true, force: true });
});

const CONTRACT = Keypair.generate().publicKey.toBase58();
const keypairFile = async (name: string, keypair = Keypair.generate()) => {
    await writeFile(join(folder, name), JSON.stringify([...keypair.secretKey]));
    return join(folder, name);
};
async function configFile(changes: object = {}): Promise<string[]> {
    const config = {
        // Nobody listens there.
        rpcUrl: 'http://127.0.0.1:9',
        dataDir: join(folder, 'data'),
        listen: { host: '127.0.0.1', port: 9 },
        hotKeypairPath: await keypairFile('hot.json'),
        issuerKeypairPath: await keypairFile('issuer.json'),
        contracts: [CONTRACT],
        committerUrl: 'http://127.0.0.1:9',
        providerSecret: 'a secret of the provider',
        ...changes,
    };
    await writeFile(join(folder, 'provider.json'), JSON.stringify(config));
    return ['--config', join(folder, 'provider.json')];
}
const code = (name: string) => ({ code: `MKT_PROVIDER__${name}` });

describe('commands', () => {
    it('verify refuses what is missing or no signature, and takes a signature from where it is told', async () => {
        await expect(verifyFile(context, [])).rejects.toMatchObject(code('OPTION_INVALID'));
        await expect(verifyFile(context, ['--key'])).rejects.toMatchObject(code('OPTION_INVALID'));
        const file = join(folder, 'report.csv');
        await expect(verifyFile(context, [file])).rejects.toMatchObject(code('FILE_UNREADABLE'));
        await writeFile(file, 'a,b');
        await writeFile(`${file}.sig`, '{');
        await expect(verifyFile(context, [file])).rejects.toMatchObject(code('REPORT_SIGNATURE_WRONG'));
        await writeFile(join(folder, 'x'), JSON.stringify(signReport(Buffer.from('a,b'), Keypair.generate())));
        await verifyFile(context, [file, '--signature', join(folder, 'x')]);
        await writeFile(join(folder, 'x'), 'x'.repeat(5_000));
        await expect(verifyFile(context, [file, '--signature', join(folder, 'x')])).rejects.toMatchObject(
            code('FILE_UNREADABLE'),
        );
    });

    it.each([
        [['--contract', '../x']],
        [[]],
        [['--contract', CONTRACT, '--from', '-1']],
        [['--contract', CONTRACT, '--timezone', 'a b']],
        [['--contract', CONTRACT, '--url', 'nowhere']],
        [['--contract', CONTRACT, '--to', '--out']],
    ])('report refuses %j before it asks anybody', async (args) => {
        await expect(report(context, [...(await configFile()), ...args])).rejects.toMatchObject(code('OPTION_INVALID'));
    });

    it('report says that no worker answers, and that a secret is needed', async () => {
        const args = ['--contract', CONTRACT, '--out', folder];
        await expect(report(context, [...(await configFile()), ...args])).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PEER_UNREACHABLE',
            message: expect.stringContaining('is the worker running?'),
        });
        const without = await configFile({ providerSecret: undefined });
        await expect(report(context, [...without, ...args])).rejects.toMatchObject(code('SECRET_NOT_SET'));
    });

    it('rotate refuses without an owner, for other contracts and with a lead that is none', async () => {
        const config = await configFile();
        await expect(rotate(context, config)).rejects.toMatchObject(code('OWNER_MISSING'));
        const owned = [...config, '--owner', await keypairFile('owner.json')];
        for (const lead of ['0', '-1', '1.5', '10001', 'x'])
            await expect(rotate(context, [...owned, '--lead-epochs', lead])).rejects.toMatchObject(
                code('OPTION_INVALID'),
            );
        await expect(rotate(context, [...owned, '--contract', '1'.repeat(44)])).rejects.toMatchObject(
            code('CONTRACT_UNKNOWN'),
        );
    });
});

describe('config', () => {
    const parse = async (changes: object) => {
        const [, path] = await configFile(changes);
        return providerConfig.safeParse(JSON.parse(await readFile(path ?? '', 'utf8'))).success;
    };

    it('takes caps, proxies and rotation, and refuses what makes no sense', async () => {
        expect(await parse({ caps: { tokensPerPrefix: 1 }, contractCaps: { [CONTRACT]: { bytesPerGroup: 1 } } })).toBe(
            true,
        );
        expect(await parse({ trustedProxies: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'] })).toBe(true);
        for (const wrong of [
            { caps: { tokensPerPrefix: 0 } },
            { caps: { tokensPerPrefix: 1.5 } },
            { caps: { maxSessionBytes: 2 ** 53 } },
            { caps: { unknown: 1 } },
            { contractCaps: { x: {} } },
            { trustedProxies: ['everyone'] },
            { providerSecret: 'short' },
            { rotation: { cron: '0 3 * * 1', leadEpochs: 0, ownerKeypairPath: 'x' } },
            { rotation: { cron: '0 3 * * 1' } },
        ])
            expect(await parse(wrong), JSON.stringify(wrong)).toBe(false);
    });
});
