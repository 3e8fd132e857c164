// Kills the committer again and again: npm run campaign -- --kills N --seed S. The last line is JSON; exit code 1 when an
// epoch was lost, settled twice or paid otherwise than its receipts say.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, checkNode, fail, install, root } from './lib/bootstrap.mjs';

const MAX_KILLS = 100_000;

function readNumber(name, standard, most) {
    const place = process.argv.indexOf(`--${name}`);
    if (place < 0) return standard;
    const value = Number(process.argv[place + 1]);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    return fail(`--${name} takes a whole number from 1 to ${most}`);
}

checkNode();
const known = ['--kills', '--seed'];
const unknown = process.argv.slice(2).find((argument) => argument.startsWith('--') && !known.includes(argument));
if (unknown) fail(`${unknown} is no option; there are --kills N and --seed S`);
const kills = readNumber('kills', 100, MAX_KILLS);
const seed = readNumber('seed', 7, 2 ** 31);
install();
build({ withApp: false });

const folder = mkdtempSync(join(tmpdir(), 'ocm-campaign-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', join('tests', 'campaign')],
    {
        cwd: root,
        env: {
            ...process.env,
            OCM_CAMPAIGN_KILLS: `${kills}`,
            OCM_CAMPAIGN_SEED: `${seed}`,
            OCM_CAMPAIGN_REPORT: report,
        },
        // What is told while it runs goes to standard error: ours is the one line.
        stdio: ['ignore', 2, 2],
    },
);
if (!existsSync(report)) fail('the campaign did not come to its end; see above');
process.stdout.write(`${readFileSync(report, 'utf8')}\n`);
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
