import { Command, CommanderError, Option } from 'commander';
import { checkOptions, contractArgument, sourceOptions } from './cli-options.js';
import { EXIT, EXIT_HELP } from './cli-usage.js';
import { type CommandDeps, runFetch, runVerify } from './commands.js';
import { errorCodeOf, errorMessageOf, failure } from './errors.js';
import { printable } from './report/table.js';

type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

const collect = (value: string, before: readonly string[]): string[] => [...before, value];
const textOf = (value: Flags[string]): string | null => (typeof value === 'string' ? value : null);

function addSources(command: Command, env: CommandDeps['env']): Command {
    return command
        .addOption(new Option('--rpc-url <url>', 'RPC of the cluster [RPC_URL]').default(env.RPC_URL || undefined))
        .option('--committer <url>', "the operator's committer: manifests and log records")
        .addOption(
            new Option('--node <address=url>', 'a node of the operator: evidence and log files; may be repeated')
                .argParser(collect)
                .default([]),
        )
        .option('--operator-secret-file <file>', 'secret of the nodes [OCM_OPERATOR_SECRET]')
        .option('--epoch <number>', 'only the manifests, sessions and logs of this epoch')
        .option('--max-bytes <number>', 'largest copy, bytes');
}

/** Runs the command line; returns the exit code. */
export async function runCli(argv: readonly string[], deps: CommandDeps): Promise<number> {
    let code: number = EXIT.agrees;
    const program = new Command('ocm')
        .description('Recomputes what a contract was paid for, from the signatures up, with code of its own.')
        .exitOverride()
        .configureOutput({ writeOut: deps.out, writeErr: deps.err })
        .addHelpText('after', EXIT_HELP);
    addSources(program.command('verify'), deps.env)
        .argument('[contract]', 'address of the contract; with --from the one of the copy')
        .description('downloads logs and chain data, recomputes every line, prints a statement')
        .option('--from <folder>', 'verifies a folder of ocm fetch, without any network')
        .option('--json <file>', 'writes the statement as JSON')
        .option('--csv <file>', 'writes the lines of the statement as CSV')
        .addHelpText('after', EXIT_HELP)
        .action(async (contract: string | undefined, flags: Flags) => {
            const from = textOf(flags.from);
            const address = contract === undefined ? null : checkOptions(contractArgument, contract);
            if (from === null && address === null)
                throw failure('MKT_VERIFIER__USAGE', 'name a CONTRACT, or --from FOLDER');
            const epochOnly = sourceOptions.pick({ epoch: true });
            code = await runVerify(
                {
                    contract: address,
                    from,
                    sources: from === null ? checkOptions(sourceOptions, flags) : null,
                    epoch: checkOptions(epochOnly, flags).epoch ?? null,
                    json: textOf(flags.json),
                    csv: textOf(flags.csv),
                },
                deps,
            );
        });
    addSources(program.command('fetch'), deps.env)
        .argument('<contract>', 'address of the contract')
        .description('writes everything that ocm verify needs into a folder')
        .requiredOption('--to <folder>', 'a new or empty folder')
        .addHelpText('after', EXIT_HELP)
        .action(async (contract: string, flags: Flags) => {
            code = await runFetch(
                {
                    contract: checkOptions(contractArgument, contract),
                    folder: textOf(flags.to) ?? '',
                    sources: checkOptions(sourceOptions, flags),
                },
                deps,
            );
        });
    try {
        await program.parseAsync([...argv], { from: 'user' });
        return code;
    } catch (error) {
        return exitCodeOf(error, deps);
    }
}

function exitCodeOf(error: unknown, { err, signal }: CommandDeps): number {
    // Commander has told what is wrong; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.agrees : EXIT.usage;
    if (signal.aborted) {
        err('ocm: interrupted; nothing was decided\n');
        return EXIT.interrupted;
    }
    const code = errorCodeOf(error);
    err(`ocm: ${printable(errorMessageOf(error))}${code === undefined ? '' : ` (${code})`}\n`);
    return code === 'MKT_VERIFIER__USAGE' ? EXIT.usage : EXIT.notFetched;
}
