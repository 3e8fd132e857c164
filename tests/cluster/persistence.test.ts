import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import { Connection, Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCluster, type ClusterProcess, killStrays, startCluster } from './cluster-process.js';
import { rpc, SOL } from './support.js';

const PROGRAM = fileURLToPath(new URL('../../sdk/programs/registry.so', import.meta.url));

let port: number;
let state: string;

beforeAll(() => buildCluster());
beforeEach(async () => {
    port = await findFreePort(2);
    state = mkdtempSync(join(tmpdir(), 'cluster-state-'));
});
afterEach(() => {
    killStrays();
    rmSync(state, { recursive: true, force: true });
});

async function start(args: readonly string[] = []): Promise<ClusterProcess> {
    const started = startCluster(port, ['--state', state, ...args]);
    await started.ready;
    return started;
}

const connect = (cluster: ClusterProcess): Connection => new Connection(cluster.rpcUrl, 'confirmed');
const fileLike = (pattern: RegExp): string =>
    join(state, readdirSync(state).find((file) => pattern.test(file)) ?? 'missing');

async function clockOf(connection: Connection): Promise<{ slot: number; unixSecs: number }> {
    const slot = await connection.getSlot('processed');
    return { slot, unixSecs: (await connection.getBlockTime(slot)) ?? 0 };
}

/** Sends transfers over many connections until the process dies; returns what was answered. */
async function sendUntilDeath(connection: Connection, payer: Keypair, to: Keypair, first: number): Promise<string[]> {
    const answered: string[] = [];
    let lamports = first;
    const { blockhash } = await connection.getLatestBlockhash();
    const lane = async (): Promise<void> => {
        for (;;) {
            const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash });
            transaction.add(
                SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to.publicKey, lamports: lamports++ }),
            );
            transaction.sign(payer);
            try {
                answered.push(await connection.sendRawTransaction(transaction.serialize(), { skipPreflight: true }));
            } catch {
                return;
            }
        }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    return answered;
}

describe('a cluster with a state folder', () => {
    it('loses no answered transaction when it is killed again and again in full flight', async () => {
        const payer = Keypair.generate();
        const to = Keypair.generate();
        const answered: string[] = [];
        let genesis = '';
        let before = { slot: 0, unixSecs: 0 };
        for (let round = 0; round < 4; round++) {
            // Few changes per snapshot, so that kills also fall into the writing of one.
            const cluster = await start(['--snapshot-every', '40']);
            const connection = connect(cluster);
            const now = await clockOf(connection);
            expect(now.slot).toBeGreaterThan(before.slot);
            expect(now.unixSecs).toBeGreaterThanOrEqual(before.unixSecs);
            if (round === 0) {
                genesis = await connection.getGenesisHash();
                await connection.requestAirdrop(payer.publicKey, 1_000 * SOL);
            }
            expect(await connection.getGenesisHash()).toBe(genesis);
            before = await clockOf(connection);
            setTimeout(() => cluster.child.kill('SIGKILL'), 400 + 150 * round);
            answered.push(...(await sendUntilDeath(connection, payer, to, SOL + round * 1_000_000)));
            expect((await cluster.exited).signal).toBe('SIGKILL');
        }
        const cluster = await start();
        expect(cluster.output()).toContain('took over the lock');
        const connection = connect(cluster);
        expect(answered.length).toBeGreaterThan(50);
        for (let index = 0; index < answered.length; index += 256) {
            const { value } = await connection.getSignatureStatuses(answered.slice(index, index + 256));
            expect(value.every((status) => status !== null && status.err === null)).toBe(true);
        }
        // What the accounts hold must be what the history says went there.
        const all = [];
        for (let last: string | undefined; ; ) {
            const page = await connection.getSignaturesForAddress(
                to.publicKey,
                last === undefined ? {} : { before: last },
            );
            all.push(...page);
            last = page.at(-1)?.signature;
            if (page.length < 1_000) break;
        }
        expect(await connection.getBalance(payer.publicKey)).toBe(
            1_000 * SOL - (await connection.getBalance(to.publicKey)) - 5_000 * all.length,
        );
        await cluster.stop('SIGTERM');
    }, 60_000);

    it('keeps transactions with their metadata, accounts, clock and blockhashes over a clean stop', async () => {
        const first = await start();
        const owner = Keypair.generate().publicKey;
        const signature = await connect(first).requestAirdrop(owner, 7 * SOL);
        await rpc(first.rpcUrl, 'surfnet_timeTravel', [
            { absoluteTimestamp: (Math.floor(Date.now() / 1_000) + 86_400) * 1_000 },
        ]);
        const { blockhash } = await connect(first).getLatestBlockhash();
        const options = { maxSupportedTransactionVersion: 0 } as const;
        const told = await connect(first).getTransaction(signature, options);
        const before = await clockOf(connect(first));
        expect((await first.stop('SIGTERM')).code).toBe(0);

        const second = await start();
        const connection = connect(second);
        expect(await connection.getBalance(owner)).toBe(7 * SOL);
        expect(JSON.stringify(await connection.getTransaction(signature, options))).toBe(JSON.stringify(told));
        expect((await connection.isBlockhashValid(blockhash)).value).toBe(true);
        const after = await clockOf(connection);
        expect(after.slot).toBeGreaterThan(before.slot);
        expect(after.slot).toBeLessThan(before.slot + 10);
        expect(after.unixSecs).toBeGreaterThanOrEqual(before.unixSecs);
        await second.stop('SIGTERM');
    });

    it('keeps accounts set by cheat methods over a kill', async () => {
        const first = await start();
        const address = Keypair.generate().publicKey;
        const owner = Keypair.generate().publicKey.toBase58();
        await rpc(first.rpcUrl, 'surfnet_setAccount', [address.toBase58(), { lamports: SOL, data: 'c0ffee', owner }]);
        await first.stop('SIGKILL');
        const second = await start();
        const account = await connect(second).getAccountInfo(address);
        expect(account?.data.toString('hex')).toBe('c0ffee');
        expect(account?.owner.toBase58()).toBe(owner);
        await second.stop('SIGTERM');
    });

    it.skipIf(!existsSync(PROGRAM))('keeps a program given at the command line, and loads it once', async () => {
        const programId = Keypair.generate().publicKey;
        const args = ['--upgradeable-program', programId.toBase58(), PROGRAM, Keypair.generate().publicKey.toBase58()];
        const first = await start(args);
        const before = await connect(first).getAccountInfo(programId);
        expect(before?.executable).toBe(true);
        await first.stop('SIGKILL');
        const second = await start(args);
        expect(await connect(second).getAccountInfo(programId)).toEqual(before);
        await second.stop('SIGTERM');
        const third = await start();
        expect((await connect(third).getAccountInfo(programId))?.executable).toBe(true);
        await third.stop('SIGTERM');
    });

    it('does not let a second cluster into the folder, and names the first', async () => {
        const first = await start();
        const second = startCluster(await findFreePort(2), ['--state', state]);
        expect((await second.exited).code).toBe(1);
        expect(second.output()).toContain(`in use by the cluster with process id ${first.child.pid}`);
        await first.stop('SIGTERM');
    });

    it('drops the torn end of a journal and goes on', async () => {
        const first = await start();
        const [kept, torn] = [Keypair.generate().publicKey, Keypair.generate().publicKey];
        await connect(first).requestAirdrop(kept, SOL);
        const journal = fileLike(/^journal/);
        await connect(first).requestAirdrop(torn, SOL);
        await first.stop('SIGKILL');
        truncateSync(journal, readFileSync(journal).length - 3);
        const second = await start();
        expect(second.output()).toContain('dropped the torn end');
        expect(await connect(second).getBalance(kept)).toBe(SOL);
        await second.stop('SIGTERM');
    });

    it.each([
        ['snapshot', /^snapshot/, 30_000],
        ['journal', /^journal/, 60],
        ['history', /^history/, 40],
    ])('refuses a damaged %s, names it and the remedy, and changes nothing', async (_name, pattern, offset) => {
        const first = await start();
        for (let index = 0; index < 3; index++) await connect(first).requestAirdrop(Keypair.generate().publicKey, SOL);
        await first.stop('SIGTERM');
        const second = await start();
        for (let index = 0; index < 3; index++) await connect(second).requestAirdrop(Keypair.generate().publicKey, SOL);
        await second.stop('SIGKILL');
        const file = fileLike(pattern);
        const bytes = readFileSync(file);
        bytes[offset] = (bytes[offset] ?? 0) ^ 0xff;
        writeFileSync(file, bytes);
        const names = readdirSync(state).filter((name) => name !== 'cluster.lock');
        const contents = () => names.map((name) => readFileSync(join(state, name)).toString('base64'));
        const before = contents();

        const third = startCluster(port, ['--state', state]);
        expect((await third.exited).code).toBe(1);
        expect(third.output()).toContain(`${file} is damaged`);
        expect(third.output()).toContain('--reset');
        expect(contents()).toEqual(before);

        const fourth = startCluster(port, ['--state', state, '--reset']);
        await fourth.ready;
        await fourth.stop('SIGTERM');
    });
});

describe('the cluster process', () => {
    it.each([
        ['its RPC port', 0],
        ['its WebSocket port', 1],
    ])('says which port is busy and what to do when %s is taken', async (_name, offset) => {
        const first = startCluster(port);
        await first.ready;
        const second = startCluster(port + 1 - 2 * offset);
        expect((await second.exited).code).toBe(1);
        expect(second.output()).toMatch(new RegExp(`port ${offset === 0 ? port + 1 : port} .*in use.*--rpc-port`));
        expect(second.output()).not.toContain('    at ');
        await first.stop('SIGTERM');
    });

    it('prints one ready line that says it is simulated, and ends cleanly on SIGTERM', async () => {
        const cluster = startCluster(port);
        await cluster.ready;
        const lines = cluster.output().trim().split('\n');
        expect(lines).toHaveLength(1);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({
            simulated: true,
            rpcUrl: cluster.rpcUrl,
            wsPorts: [port, port + 1],
        });
        expect((await cluster.stop('SIGTERM')).code).toBe(0);
    });

    it('answers no cheat methods when told so', async () => {
        const cluster = startCluster(port, ['--no-cheats']);
        await cluster.ready;
        expect((await rpc(cluster.rpcUrl, 'surfnet_pauseClock')).error?.code).toBe(-32601);
        await cluster.stop('SIGTERM');
    });

    it.each([
        [['--rpc-port', 'abc'], 'whole number'],
        [['--upgradeable-program', 'only-an-id'], 'takes three values'],
        [['--host', '192.0.2.1'], 'no address of this machine'],
    ])('explains wrong options %j', async (args, text) => {
        const cluster = startCluster(port, args);
        expect((await cluster.exited).code).toBe(1);
        expect(cluster.output()).toContain(text);
        expect(cluster.output()).not.toContain('    at ');
    });
});
