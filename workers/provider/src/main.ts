import { describeConfig, failure, runService, type ServiceContext } from '@ocm/runtime';
import { report } from './commands/report.js';
import { rotate } from './commands/rotate.js';
import { serve } from './commands/serve.js';
import { verifyFile } from './commands/verify.js';
import { providerConfig } from './config.js';

const help = `ocm-provider [serve] --config FILE
ocm-provider rotate --config FILE [--owner KEYPAIR] [--contract ADDRESS] [--lead-epochs N]
ocm-provider report --config FILE --contract ADDRESS [--from EPOCH] [--to EPOCH] [--timezone ZONE] [--out FOLDER] [--url URL]
ocm-provider verify FILE [--signature FILE] [--key ADDRESS]

serve   The content provider's worker: issues session tokens under caps, keeps copies of viewers' receipts, and co-signs the
        operator's delivery commitments after recomputing them.
rotate  Names a new issuer key on chain, from N epochs after the running one (2); the worker finds it by itself.
report  Fetches the delivery report of a contract from the running worker as JSON, CSV and PDF, each with its signature.
verify  Checks a report against its signature file (FILE.sig); exit code 0 only if it holds.

Config (JSON; each field also from the environment):
${describeConfig(providerConfig)}`;

const COMMANDS: Readonly<Record<string, (context: ServiceContext, argv: readonly string[]) => Promise<void>>> = {
    serve,
    rotate,
    report,
    verify: verifyFile,
};

await runService('ocm-provider', main, { help });

async function main(context: ServiceContext): Promise<void> {
    const [first = 'serve', ...rest] = process.argv.slice(2);
    if (first.startsWith('-')) return serve(context, process.argv.slice(2));
    const command = COMMANDS[first];
    if (command === undefined)
        throw failure(
            'MKT_PROVIDER__COMMAND_UNKNOWN',
            `${first.slice(0, 40)} is no command; use one of ${Object.keys(COMMANDS).join(', ')}`,
        );
    return command(context, rest);
}
