import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

export type MainJobOptions = {
    /** Run the job once without the page, print the result as one line of JSON, and exit. */
    once: boolean;
    reset: boolean;
    stateRoot: string;
    appPort: number;
    rpcPort: number;
    epochLengthSecs: number;
    startPage: boolean;
    realtime: boolean;
    /** Have `ocm verify` recompute the run before it ends. */
    verify: boolean;
    /** Another cluster instead of the embedded one. */
    rpcUrl: string | undefined;
    wsUrl: string | undefined;
    /** Pays on a cluster without a faucet: a keypair file. */
    walletPath: string | undefined;
};

function parseInteger(minimum: number, maximum: number) {
    return (text: string): number => {
        const value = Number(text);
        if (!Number.isInteger(value) || value < minimum || value > maximum) {
            throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}`);
        }
        return value;
    };
}

function parseUrl(name: string, protocols: string[], text: string | undefined): string | undefined {
    if (text === undefined || text === '') return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !protocols.includes(url.protocol)) {
        throw new Error(
            `${name} is '${text}': expected an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
        );
    }
    return text;
}

/**
 * Reads the command line and the environment.
 *
 * @throws Error naming the variable when `RPC_URL` or `WS_URL` is no address.
 */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): MainJobOptions {
    const program = new Command('npm start --')
        .description(
            'Buys, delivers, proves and pays for one real stream, on an embedded (simulated) Solana cluster or on the one at RPC_URL.',
        )
        .option('--once', 'run headless, print the result as one line of JSON, and exit', false)
        .option('--reset', 'forget the state of earlier runs first', false)
        .option('--state <folder>', 'where keys, chain state, logs and caches are kept', '.ocm')
        .option('--app-port <port>', 'port of the page', parseInteger(1, 65_535), 3000)
        .option(
            '--rpc-port <port>',
            'port of the embedded cluster (WebSocket: the next one)',
            parseInteger(1, 65_534),
            8899,
        )
        .option('--epoch-seconds <seconds>', 'length of a settlement epoch', parseInteger(2, 3600))
        .option('--no-app', 'do not serve the page')
        .option('--realtime', 'viewers play at the speed of a clock (as they do when there is a page to watch)', false)
        .option('--verify', 'have ocm verify recompute everything that was paid', false)
        .option('--build-only', 'install and build, then stop')
        .addHelpText(
            'after',
            `
Environment:
  RPC_URL   another Solana cluster instead of the embedded one
  WS_URL    its WebSocket address, where it is not the usual one
  WALLET    keypair file that pays where the cluster has no faucet
  LOG_LEVEL debug, info, warn or error, for the files in the state folder`,
        )
        .parse(argv, { from: 'user' });
    const raw = program.opts<{
        once: boolean;
        reset: boolean;
        state: string;
        appPort: number;
        rpcPort: number;
        epochSeconds?: number;
        app: boolean;
        realtime: boolean;
        verify: boolean;
    }>();
    return {
        once: raw.once,
        reset: raw.reset,
        stateRoot: resolve(raw.state),
        appPort: raw.appPort,
        rpcPort: raw.rpcPort,
        // A page's visitor needs time to press play; a headless run does not wait longer than it must.
        epochLengthSecs: raw.epochSeconds ?? (raw.once ? 5 : 20),
        startPage: raw.app && !raw.once,
        realtime: raw.realtime || (raw.app && !raw.once),
        verify: raw.verify,
        rpcUrl: parseUrl('RPC_URL', ['http:', 'https:'], env.RPC_URL),
        wsUrl: parseUrl('WS_URL', ['ws:', 'wss:'], env.WS_URL),
        walletPath: env.WALLET || undefined,
    };
}
