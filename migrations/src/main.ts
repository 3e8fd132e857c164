import { createChainGateway, createLogger, readKeypair } from '@ocm/runtime';
import { PublicKey } from '@solana/web3.js';
import { Command, InvalidArgumentError, Option } from 'commander';
import { developmentParams, PRODUCTION_PARAMS } from './params.js';
import { migrate } from './run.js';
import { parseUpgradeAuthority } from './upgrade-authority.js';

function parseAddress(text: string): PublicKey {
    try {
        return new PublicKey(text);
    } catch {
        throw new InvalidArgumentError('expected a base58 address');
    }
}

function parseFee(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > 500)
        throw new InvalidArgumentError('expected basis points from 0 to 500');
    return value;
}

type Options = {
    rpcUrl: string;
    wsUrl?: string;
    keypair: string;
    board?: string;
    guardian: PublicKey;
    treasury: PublicKey;
    mint: PublicKey[];
    feeBasisPoints: number;
    development: boolean;
    upgradeAuthority?: PublicKey;
    confirmUpgradeAuthority?: PublicKey;
};

const program = new Command('ocm-migrate')
    .description('Deploys the programs and initialises the market, in order. Idempotent: a second run changes nothing.')
    .addOption(new Option('--rpc-url <url>', 'the cluster').env('RPC_URL').makeOptionMandatory())
    .addOption(new Option('--ws-url <url>', 'its WebSocket address, where it is not the usual one').env('WS_URL'))
    .addOption(
        new Option('--keypair <file>', 'pays, and becomes the programs’ upgrade authority')
            .env('WALLET')
            .makeOptionMandatory(),
    )
    .option('--board <file>', 'keypair of the board (default: --keypair)')
    .requiredOption('--guardian <address>', 'may pause for at most 7 days', parseAddress)
    .requiredOption('--treasury <address>', 'takes the protocol fee', parseAddress)
    .requiredOption(
        '--mint <address...>',
        'mints that stakes and contracts may use',
        (text, mints: PublicKey[] = []) => [...mints, parseAddress(text)],
    )
    .option('--fee-basis-points <number>', 'protocol fee', parseFee, 200)
    .option('--development', 'windows of seconds, for ever; never where money is', false)
    .addOption(
        new Option('--upgrade-authority <address>', 'hands the programs to it, a board’s vault for instance')
            .env('UPGRADE_AUTHORITY')
            .argParser(parseAddress),
    )
    .addOption(
        new Option('--confirm-upgrade-authority <address>', 'the same address again: there is no way back')
            .env('CONFIRM_UPGRADE_AUTHORITY')
            .argParser(parseAddress),
    )
    .parse();
const options = program.opts<Options>();
const say = (text: string) => process.stdout.write(`${text}\n`);

try {
    const upgradeAuthority = parseUpgradeAuthority(options.upgradeAuthority, options.confirmUpgradeAuthority);
    const deployer = readKeypair(options.keypair);
    const gateway = createChainGateway({
        rpcUrl: options.rpcUrl,
        log: createLogger({ name: 'migrate', level: process.env.LOG_LEVEL ?? 'error' }),
        ...(options.wsUrl ? { wsUrl: options.wsUrl } : {}),
    });
    const { changed } = await migrate(
        {
            gateway,
            deployer,
            settings: {
                board: options.board ? readKeypair(options.board) : deployer,
                guardian: options.guardian,
                treasury: options.treasury,
                feeBasisPoints: options.feeBasisPoints,
                development: options.development,
                mints: options.mint,
                params: options.development ? developmentParams(60) : PRODUCTION_PARAMS,
                ...(upgradeAuthority ? { upgradeAuthority } : {}),
            },
        },
        (name, outcome) => say(`${outcome.changed ? 'changed' : 'kept   '} ${name}: ${outcome.detail}`),
    );
    say(changed ? 'the market is up to date now' : 'nothing to change');
    gateway.close();
} catch (error) {
    process.stderr.write(`ocm-migrate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
}
