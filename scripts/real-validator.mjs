// Runs the main job and the on-chain tests that need no time travel against a real Solana test validator: VALIDATOR_RUN
// names a command that takes a ledger folder and validator flags. Ends with: N passed, N failed.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
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
// Built just now.
const { findFreePort } = await import('@ocm/runtime');

const totals = { passed: 0, failed: 0, skipped: 0 };

async function isReady(rpcUrl) {
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

/** The validator's transaction scheduler asks without a pause and keeps a core busy: it may, when nobody else wants it. */
function calmScheduler(pid) {
    const threads = `/proc/${pid}/task`;
    if (!existsSync(threads)) return;
    for (const thread of readdirSync(threads)) {
        const name = readFileSync(join(threads, thread, 'comm'), 'utf8').trim();
        if (name === 'solBnkTxSched') setPriority(Number(thread), constants.priority.PRIORITY_LOW);
    }
}

/** Runs `use` against a validator of its own, on a new ledger, and ends it. */
async function withValidator(flags, use) {
    const folder = mkdtempSync(join(tmpdir(), 'ocm-validator-'));
    // It takes its WebSocket port and a range for gossip beside the ones that it is given.
    const base = await findFreePort(64);
    const rpcUrl = `http://127.0.0.1:${base}`;
    const log = openSync(join(folder, 'validator.log'), 'w');
    const ports = [
        ...['--rpc-port', base, '--faucet-port', base + 2, '--gossip-port', base + 3],
        ...['--dynamic-port-range', `${base + 4}-${base + 60}`],
    ];
    const args = [join(folder, 'ledger'), '--reset', ...ports, ...flags].map(String);
    const validator = spawn(command, args, { stdio: ['ignore', log, log] });
    try {
        const deadline = Date.now() + READY_TIMEOUT_MS;
        while (!(await isReady(rpcUrl))) {
            if (validator.exitCode !== null || Date.now() > deadline) {
                const tail = readFileSync(join(folder, 'validator.log'), 'utf8').slice(-2000);
                throw new Error(`the validator did not come up: ${tail}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        calmScheduler(validator.pid);
        use({ rpcUrl, wsUrl: `ws://127.0.0.1:${base + 1}`, folder });
    } catch (error) {
        process.stderr.write(`real-validator: ${error.message}\n`);
        totals.failed += 1;
    } finally {
        validator.kill('SIGTERM');
        await new Promise((resolve) => (validator.exitCode === null ? validator.once('exit', resolve) : resolve()));
        closeSync(log);
        rmSync(folder, { recursive: true, force: true });
    }
}

function check(name, ok) {
    totals[ok ? 'passed' : 'failed'] += 1;
    process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${name}\n`);
}

function runMainJob({ rpcUrl, wsUrl, folder }) {
    const result = spawnSync(
        process.execPath,
        [
            join(root, 'scripts', 'dist', 'main-job', 'main.js'),
            '--once',
            '--epoch-seconds',
            '10',
            '--state',
            join(folder, 'state'),
        ],
        {
            env: { ...process.env, RPC_URL: rpcUrl, WS_URL: wsUrl },
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

/** They make or change the configuration, which a chain has once; the embedded cluster begins anew for each. */
const NEED_A_CHAIN_OF_THEIR_OWN = [
    'programs/registry/initialize-config',
    'programs/registry/create-stake-vault',
    'programs/registry/allow-mint',
    'programs/registry/queue-params',
    'programs/registry/queue-authorities',
    'programs/registry/pause',
    'programs/market/accept-offer-paused',
    'flows/board-governs',
    'flows/pause-blocks-nothing',
    'flows/upgrade-by-board',
    // The list of BEACONs stands once on a chain.
    'programs/registry/beacons',
    // They hold processes and their clocks against a chain whose time they move.
    'flows/provider-process',
    'flows/issuer-rotation',
    'flows/delivery-report',
    'flows/delivery-report-sources',
].map((name) => `--exclude=tests/${name}.test.ts`);

function runOnChainTests({ rpcUrl }) {
    const result = spawnSync(
        process.execPath,
        [join(root, 'scripts', 'test.mjs'), 'tests/flows', 'tests/programs', ...NEED_A_CHAIN_OF_THEIR_OWN],
        {
            cwd: root,
            env: { ...process.env, OCM_TEST_RPC_URL: rpcUrl },
            stdio: ['ignore', 'pipe', 'inherit'],
            encoding: 'utf8',
            maxBuffer: 1 << 28,
        },
    );
    process.stdout.write(result.stdout ?? '');
    const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/m.exec(result.stdout ?? '');
    totals.passed += Number(match?.[1] ?? 0);
    totals.failed += Number(match?.[2] ?? 1);
    totals.skipped += Number(match?.[3] ?? 0);
}

/** The programs at genesis, and slots of an eighth: the tests wait for some thousand confirmations. */
async function onChainTestFlags() {
    const { Keypair } = await import('@solana/web3.js');
    const { PROGRAM_IDS, PROGRAM_NAMES } = await import('@ocm/sdk');
    const seed = new Uint8Array(32);
    seed.set(new TextEncoder().encode('deployer'));
    const authority = Keypair.fromSeed(seed).publicKey.toBase58();
    const file = (name) => join(root, 'sdk', 'programs', `${name}.so`);
    const programs = PROGRAM_NAMES.flatMap((name) => [
        ...['--upgradeable-program', PROGRAM_IDS[name].toBase58(), file(name), authority],
    ]);
    return ['--ticks-per-slot', 8, ...programs];
}

const wanted = process.argv[2];
if (wanted !== 'tests') await withValidator([], runMainJob);
if (wanted !== 'main-job') await withValidator(await onChainTestFlags(), runOnChainTests);
process.stdout.write(
    `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}\n`,
);
process.exit(totals.failed > 0 ? 1 : 0);
