// Runs the main job and the on-chain flows against a real Solana test validator: VALIDATOR_RUN names a command that
// takes a ledger folder and validator flags. Ends with: N passed, N failed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, checkNode, install, root } from './lib/bootstrap.mjs';

const READY_TIMEOUT_MS = 90_000;
const command = process.env.VALIDATOR_RUN;
if (!command) {
    process.stderr.write(
        'real-validator: set VALIDATOR_RUN to a command that starts solana-test-validator with a ledger folder and flags\n',
    );
    process.exit(1);
}
checkNode();
install();
build({ withApp: false });

/** `count` neighbouring free ports: a validator takes its WebSocket port and a range for gossip beside the ones it is given. */
async function freePorts(count) {
    for (let base = 20_000 + Math.floor(Math.random() * 20_000); ; base = 20_000 + Math.floor(Math.random() * 20_000)) {
        const servers = await Promise.all(
            Array.from(
                { length: count },
                (_, i) =>
                    new Promise((resolve) => {
                        const server = createServer();
                        server.once('error', () => resolve(undefined));
                        server.listen(base + i, '127.0.0.1', () => resolve(server));
                    }),
            ),
        );
        await Promise.all(servers.map((server) => server && new Promise((resolve) => server.close(resolve))));
        if (servers.every(Boolean)) return base;
    }
}

const folder = mkdtempSync(join(tmpdir(), 'ocm-validator-'));
const base = await freePorts(64);
const rpcUrl = `http://127.0.0.1:${base}`;
const log = openSync(join(folder, 'validator.log'), 'w');
const validator = spawn(
    command,
    [
        join(folder, 'ledger'),
        '--reset',
        '--rpc-port',
        String(base),
        '--faucet-port',
        String(base + 2),
        '--gossip-port',
        String(base + 3),
        '--dynamic-port-range',
        `${base + 4}-${base + 60}`,
    ],
    { stdio: ['ignore', log, log] },
);
const totals = { passed: 0, failed: 0 };

async function isReady() {
    try {
        const response = await fetch(rpcUrl, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"jsonrpc":"2.0","id":1,"method":"getHealth"}',
            signal: AbortSignal.timeout(2000),
        });
        return (await response.json()).result === 'ok';
    } catch {
        return false;
    }
}

function check(name, ok) {
    totals[ok ? 'passed' : 'failed'] += 1;
    process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${name}\n`);
}

function runMainJob() {
    const result = spawnSync(
        process.execPath,
        [join(root, 'scripts', 'dist', 'main-job', 'main.js'), '--once', '--state', join(folder, 'state')],
        {
            env: { ...process.env, RPC_URL: rpcUrl, WS_URL: `ws://127.0.0.1:${base + 1}` },
            stdio: ['ignore', 'pipe', 'inherit'],
            encoding: 'utf8',
        },
    );
    process.stdout.write(result.stdout ?? '');
    const report = JSON.parse(result.stdout?.trim().split('\n').at(-1) || '{}');
    check('the main job ends with status 0', result.status === 0);
    check('the main job conserves money', report.conserved === true);
    check('the main job proves a log record against the chain', report.proofVerified === true);
    check(
        'what was committed is what was delivered',
        report.bytesCommitted > 0 && report.bytesCommitted === report.bytesDelivered,
    );
}

function runFlows() {
    const result = spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), 'tests/flows'], {
        cwd: root,
        env: { ...process.env, OCM_TEST_RPC_URL: rpcUrl },
        stdio: ['ignore', 'pipe', 'inherit'],
        encoding: 'utf8',
    });
    process.stdout.write(result.stdout ?? '');
    const match = /^(\d+) passed, (\d+) failed/m.exec(result.stdout ?? '');
    totals.passed += Number(match?.[1] ?? 0);
    totals.failed += Number(match?.[2] ?? 1);
}

try {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await isReady())) {
        if (validator.exitCode !== null || Date.now() > deadline) {
            throw new Error(
                `the validator did not come up: ${readFileSync(join(folder, 'validator.log'), 'utf8').slice(-2000)}`,
            );
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
    runMainJob();
    runFlows();
} catch (error) {
    process.stderr.write(`real-validator: ${error.message}\n`);
    totals.failed += 1;
} finally {
    validator.kill('SIGTERM');
    await new Promise((resolve) => (validator.exitCode === null ? validator.once('exit', resolve) : resolve()));
    rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(totals.failed > 0 ? 1 : 0);
