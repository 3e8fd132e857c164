#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import pino from 'pino';
import { createSimulatedCluster, type SimulatedCluster } from './cluster.js';
import { ProgramLoadError } from './ledger/programs.js';
import { DEFAULT_HISTORY_TRANSACTIONS, DEFAULT_JOURNAL_CHANGES, DEFAULT_SLOT_DURATION_MS } from './limits.js';
import { PortUnavailableError } from './server/listen.js';
import { StateError } from './state/errors.js';
import { resetState } from './state/state-store.js';

interface Options {
    readonly rpcPort: number;
    readonly host: string;
    readonly state?: string;
    readonly reset?: boolean;
    readonly slotMs: number;
    readonly history: number;
    readonly snapshotEvery: number;
    readonly cheats?: boolean;
    readonly logLevel: string;
    readonly upgradeableProgram?: readonly string[];
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function integer(least: number, most: number): (text: string) => number {
    return (text) => {
        const value = Number(text);
        if (!Number.isSafeInteger(value) || value < least || value > most) {
            throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
        }
        return value;
    };
}

function logLevel(text: string): string {
    if (!LOG_LEVELS.includes(text)) throw new InvalidArgumentError(`expected one of ${LOG_LEVELS.join(', ')}`);
    return text;
}

function createCommand(): Command {
    return new Command('ocm-cluster')
        .description(
            'A simulated Solana cluster: JSON-RPC over HTTP and pubsub over WebSocket (on the same port and on the next) ' +
                'in front of LiteSVM. One process, no consensus, no forks; every transaction is final at once.',
        )
        .option('--rpc-port <port>', 'HTTP port; WebSockets are served on it and on the next', integer(1, 65_534), 8899)
        .option('--host <address>', 'address to listen on', '127.0.0.1')
        .option('--state <folder>', 'folder to keep the state in; without it everything is gone at the end')
        .option('--reset', 'begin anew: remove the state in the folder first')
        .option(
            '--slot-ms <milliseconds>',
            'time from one slot to the next',
            integer(10, 60_000),
            DEFAULT_SLOT_DURATION_MS,
        )
        .option(
            '--history <transactions>',
            'transactions kept for queries',
            integer(100, 10_000_000),
            DEFAULT_HISTORY_TRANSACTIONS,
        )
        .option(
            '--snapshot-every <changes>',
            'changes after which the journal is folded into a snapshot',
            integer(10, 1_000_000),
            DEFAULT_JOURNAL_CHANGES,
        )
        .option('--cheats', 'answer surfnet_… methods to callers of other machines, too')
        .option('--no-cheats', 'answer surfnet_… methods to nobody (default: to this machine)')
        .option('--log-level <level>', LOG_LEVELS.join(', '), logLevel, 'info')
        .option(
            '--upgradeable-program <id file authority...>',
            'program to put in place unless the state has it: its id, its .so file, its upgrade authority or "none"; repeatable',
        );
}

/** Something in the command line; its message is all there is to say. */
class UsageError extends Error {}

interface ProgramOption {
    readonly programId: string;
    readonly path: string;
    readonly upgradeAuthority: string | null;
}

function parsePrograms(values: readonly string[]): ProgramOption[] {
    const programs: ProgramOption[] = [];
    for (let index = 0; index < values.length; index += 3) {
        const [programId, path, authority] = values.slice(index, index + 3);
        if (programId === undefined || path === undefined || authority === undefined) {
            throw new UsageError(
                '--upgradeable-program takes three values: program id, file, upgrade authority or "none"',
            );
        }
        programs.push({ programId, path, upgradeAuthority: authority === 'none' ? null : authority });
    }
    return programs;
}

/** Ends the process in order at SIGTERM and SIGINT. */
function stopOnSignal(cluster: SimulatedCluster, log: pino.Logger): void {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
        if (stopping) return;
        stopping = true;
        cluster.close().then(
            () => {
                log.info({ signal }, 'stopped');
                process.exit(0);
            },
            (err: unknown) => {
                log.fatal({ err }, 'the state could not be saved');
                process.exit(1);
            },
        );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    // A supervisor's IPC channel is a leash: it closes however the supervisor dies, and nobody else would stop us then.
    process.on('disconnect', () => stop('SIGTERM'));
}

/**
 * Synchronous, and deaf to what becomes of its reader: an asynchronous writer whose reader was killed would try for ever
 * to flush at the exit.
 */
function createLog(level: string): pino.Logger {
    const destination = pino.destination({ fd: 1, sync: true });
    destination.on('error', () => undefined);
    return pino({ name: 'ocm-cluster', level }, destination);
}

async function run(options: Options): Promise<void> {
    const log = createLog(options.logLevel);
    const started = performance.now();
    const programs = parsePrograms(options.upgradeableProgram ?? []);
    if (options.reset === true && options.state !== undefined) resetState(options.state);
    const cluster = createSimulatedCluster({
        log,
        ...(options.cheats === undefined ? {} : { cheats: options.cheats }),
        slotDurationMs: options.slotMs,
        historyTransactions: options.history,
        snapshotEveryChanges: options.snapshotEvery,
        ...(options.state === undefined ? {} : { stateDir: options.state }),
        onFatal: () => process.exit(1),
    });
    stopOnSignal(cluster, log);
    try {
        for (const program of programs) {
            if (!(await hasAccount(cluster, program.programId))) cluster.loadProgram(program);
        }
        const server = await cluster.listen({ host: options.host, port: options.rpcPort });
        log.info(
            {
                simulated: true,
                rpcUrl: server.rpcUrl,
                wsPorts: [server.port, server.port + 1],
                state: options.state ?? null,
                genesisHash: cluster.genesisHash,
                slot: cluster.clock().slot,
                cheats: options.cheats ?? 'loopback',
                startMs: Math.round(performance.now() - started),
            },
            'simulated Solana cluster ready',
        );
    } catch (error) {
        await cluster.close();
        throw error;
    }
}

async function hasAccount(cluster: SimulatedCluster, address: string): Promise<boolean> {
    const request = {
        jsonrpc: '2.0',
        id: 1,
        method: 'getAccountInfo',
        params: [address, { encoding: 'base64', dataSlice: { offset: 0, length: 0 } }],
    };
    const reply = (await cluster.handle(request)) as { result?: { value: unknown }; error?: { message: string } };
    if (reply.error !== undefined) throw new UsageError(`--upgradeable-program ${address}: ${reply.error.message}`);
    return reply.result?.value !== null;
}

function explainAndExit(error: unknown): never {
    const isExpected =
        error instanceof UsageError ||
        error instanceof ProgramLoadError ||
        error instanceof StateError ||
        error instanceof PortUnavailableError;
    const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`ocm-cluster: ${text}\n`);
    process.exit(1);
}

const command = createCommand();
command.action((options: Options) => run(options).catch(explainAndExit));
await command.parseAsync();
