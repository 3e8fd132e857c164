import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { decodeBase58Exact } from './ledger/addresses.js';
import { createIdentity } from './ledger/identity.js';
import { type ExecutionResult, Ledger, type LedgerOptions } from './ledger/ledger.js';
import { loadUpgradeableProgram, ProgramLoadError } from './ledger/programs.js';
import { Svm } from './ledger/svm.js';
import {
    DEFAULT_HISTORY_TRANSACTIONS,
    DEFAULT_JOURNAL_CHANGES,
    DEFAULT_SLOT_DURATION_MS,
    GENESIS_SLOT,
} from './limits.js';
import { SubscriptionHub } from './pubsub/hub.js';
import { Dispatcher } from './rpc/dispatcher.js';
import { type ListeningCluster, type ListenOptions, listen } from './server/listen.js';
import { type ClusterSnapshot, captureSnapshot, restoreSnapshot } from './snapshot.js';
import { StateStore } from './state/state-store.js';

export interface ClusterOptions {
    /** Milliseconds from one slot to the next (400). 0 stops the timer: slots advance by `advanceSlots` only. */
    readonly slotDurationMs?: number;
    /** Transactions kept for `getTransaction` (50,000). */
    readonly historyTransactions?: number;
    /** Whether `surfnet_…` methods answer: by default to callers of this machine only; true: to all; false: to none. */
    readonly cheats?: boolean;
    /** Folder to keep state in; without one everything is gone at close. */
    readonly stateDir?: string;
    /** Changes after which the journal in the folder is folded into a snapshot (5,000). */
    readonly snapshotEveryChanges?: number;
    /** State to begin with, out of `snapshot()`; not together with `stateDir`. */
    readonly from?: ClusterSnapshot;
    readonly log?: Logger;
    /** Wall clock in Unix milliseconds; for tests. */
    readonly now?: () => number;
    /** Told when the state folder cannot be written any more: nothing further is accepted. */
    readonly onFatal?: (error: Error) => void;
}

export interface LoadProgramInput {
    /** Base58. */
    readonly programId: string;
    /** Path of the `.so` file. */
    readonly path: string;
    /** Base58; null makes the program final. */
    readonly upgradeAuthority: string | null;
}

export type TravelInput = { readonly seconds: number } | { readonly toUnixSecs: number };

export interface SimulatedCluster {
    /** Answers a JSON-RPC request object or batch. Integers above 2^53 lose precision; `fetch` keeps their text. */
    handle(request: unknown): Promise<unknown>;
    /** Give it to `new Connection(url, { fetch })`: any URL, no socket. */
    readonly fetch: typeof globalThis.fetch;
    /** Transfers lamports from the faucet; returns the signature. */
    airdrop(recipient: string, lamports: bigint): Promise<string>;
    /** Puts a program in place as an upgradeable one, as if deployed at genesis. */
    loadProgram(input: LoadProgramInput): void;
    /** Moves the clock forward; slots and blockhashes stay usable. Returns the new Unix seconds. */
    timeTravel(input: TravelInput): number;
    /** Begins `count` further slots; the time they take passes too. Returns the new slot. */
    advanceSlots(count?: number): number;
    /** Slot and Unix seconds now. */
    clock(): { readonly slot: number; readonly unixTimestamp: number };
    /** The whole state, cheaply; begin other clusters `from` it. */
    snapshot(): ClusterSnapshot;
    /** Serves on sockets too. */
    listen(options?: Partial<ListenOptions>): Promise<ListeningCluster>;
    readonly genesisHash: string;
    /** Stops the clock and servers, saves the state. */
    close(): Promise<void>;
}

const URL_IN_PROCESS = 'http://127.0.0.1:8899';
/** Furthest the timer may lag: a slot change is noticed this much late when nothing is asked. */
const TIMER_SLACK_MS = 50;

function freshLedger(
    options: ClusterOptions,
    common: Pick<LedgerOptions, 'slotDurationMs' | 'historyTransactions' | 'now'>,
): Ledger {
    if (options.from !== undefined) return restoreSnapshot(options.from, common);
    const unixTimestamp = BigInt(Math.floor(common.now() / 1_000));
    const ledger = new Ledger({
        ...common,
        svm: new Svm(),
        identity: createIdentity(),
        clock: { slot: GENESIS_SLOT, unixTimestamp, offsetMs: 0 },
    });
    ledger.initializeGenesis();
    return ledger;
}

function signatureOf(result: ExecutionResult): string {
    if (result.landed && result.transaction.err === null) return result.transaction.signatures[0] ?? '';
    throw new Error(`airdrop failed: ${JSON.stringify(result.landed ? result.transaction.err : result.err)}`);
}

function readProgram(path: string): Uint8Array {
    try {
        return readFileSync(path);
    } catch (cause) {
        throw new ProgramLoadError(
            `the program file ${path} cannot be read; build the programs first, or name another`,
            { cause },
        );
    }
}

/** A function like `fetch` that answers out of the dispatcher. */
function createFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
    return async (input, init) => {
        const request = new Request(input instanceof Request ? input : new URL(String(input), URL_IN_PROCESS), init);
        const text = dispatcher.handleText(await request.text());
        return new Response(text, { status: 200, headers: { 'content-type': 'application/json' } });
    };
}

/**
 * Starts a simulated Solana cluster inside this process: one validator's worth of runtime (LiteSVM), no consensus, no
 * forks, every transaction final at once. Throws if the state folder is in use or damaged; the message names the remedy.
 */
export function createSimulatedCluster(options: ClusterOptions = {}): SimulatedCluster {
    const log = options.log ?? pino({ level: 'silent' });
    const slotDurationMs = options.slotDurationMs ?? DEFAULT_SLOT_DURATION_MS;
    const common = {
        slotDurationMs,
        historyTransactions: options.historyTransactions ?? DEFAULT_HISTORY_TRANSACTIONS,
        now: options.now ?? Date.now,
    };
    if (options.stateDir !== undefined && options.from !== undefined) {
        throw new Error('a cluster begins from a state folder or from a snapshot, not from both');
    }
    const create = (): Ledger => freshLedger(options, common);
    const store =
        options.stateDir === undefined
            ? undefined
            : StateStore.open({
                  directory: options.stateDir,
                  log,
                  create,
                  snapshotEveryChanges: options.snapshotEveryChanges ?? DEFAULT_JOURNAL_CHANGES,
                  ...common,
              });
    const ledger = store?.ledger ?? create();
    const dispatcher = new Dispatcher({
        ledger,
        cheats: options.cheats ?? true,
        onInternalError: (err, method) => log.error({ err, method }, 'request failed'),
    });
    const hub = new SubscriptionHub(ledger);
    const servers = new Set<ListeningCluster>();
    const period = Math.max(slotDurationMs, TIMER_SLACK_MS);
    const timer =
        slotDurationMs <= 0
            ? undefined
            : setInterval(() => {
                  try {
                      ledger.keepTime();
                      store?.maintain();
                  } catch (error) {
                      clearInterval(timer);
                      log.fatal({ err: error }, 'state cannot be saved');
                      options.onFatal?.(error instanceof Error ? error : new Error(String(error)));
                  }
              }, period);
    timer?.unref();
    let closed: Promise<void> | undefined;

    return {
        fetch: createFetch(dispatcher),
        genesisHash: ledger.identity.genesisHash,
        handle: async (request) => {
            const text = dispatcher.handleParsed(request);
            return text === '' ? undefined : JSON.parse(text);
        },
        airdrop: async (recipient, lamports) => {
            ledger.keepTime();
            return signatureOf(ledger.airdrop(recipient, lamports));
        },
        loadProgram: ({ programId, path, upgradeAuthority }) => {
            for (const address of [programId, upgradeAuthority]) {
                if (address !== null && decodeBase58Exact(address, 32) === undefined) {
                    throw new ProgramLoadError(`${address} is not the base58 of a public key`);
                }
            }
            loadUpgradeableProgram(ledger, { programId, elf: readProgram(path), upgradeAuthority });
        },
        timeTravel: (input) => {
            const now = Number(ledger.clock.unixTimestamp);
            const seconds = 'seconds' in input ? input.seconds : input.toUnixSecs - now;
            if (!Number.isFinite(seconds) || seconds < 0) {
                throw new RangeError(`time moves forward only: it is ${now}, asked for ${now + seconds}`);
            }
            ledger.keepTime();
            ledger.travel(seconds);
            return Number(ledger.clock.unixTimestamp);
        },
        advanceSlots: (count = 1) => {
            if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('advance by one slot or more');
            ledger.keepTime();
            ledger.advanceSlots(BigInt(count));
            return Number(ledger.clock.slot);
        },
        clock: () => {
            ledger.keepTime();
            return { slot: Number(ledger.clock.slot), unixTimestamp: Number(ledger.clock.unixTimestamp) };
        },
        snapshot: () => captureSnapshot(ledger),
        listen: async ({ host = '127.0.0.1', port = 0 } = {}) => {
            const server = await listen(dispatcher, hub, { host, port, trustRemote: options.cheats === true });
            servers.add(server);
            return server;
        },
        close: () => {
            closed ??= (async () => {
                clearInterval(timer);
                await Promise.all([...servers].map((server) => server.close()));
                hub.close();
                store?.close();
            })();
            return closed;
        },
    };
}
