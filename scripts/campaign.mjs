// Kills processes of a whole market again and again: npm run campaign -- --kills N --seed S. The last line is JSON; exit
// code 1 when an epoch was lost, settled twice or paid otherwise than its viewers signed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, checkNode, fail, install, root } from './lib/bootstrap.mjs';
import { bundleWorkers } from './lib/bundle-workers.mjs';

const MAX_KILLS = 100_000;
const VICTIMS = ['node', 'committer', 'provider', 'watcher', 'indexer'];
const FAULTS = ['outage', 'rate-limit', 'clock', 'slow-origin', 'disk-full'];
/** The whole market; or the committer alone on a chain whose time stands still, with challenges and late transactions. */
const SCENES = { market: 'kills.test.ts', committer: join('committer', 'kills.test.ts') };
const KNOWN = ['--kills', '--seed', '--victims', '--faults', '--scene', '--epoch-secs'];

function readText(name) {
    const place = process.argv.indexOf(`--${name}`);
    return place < 0 ? undefined : (process.argv[place + 1] ?? '');
}

function readNumber(name, standard, most) {
    const value = Number(readText(name) ?? standard);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    return fail(`--${name} takes a whole number from 1 to ${most}`);
}

function readNames(name, all, canBeNone) {
    const text = readText(name);
    if (text === undefined) return all;
    const names = canBeNone && text === 'none' ? [] : text.split(',');
    const wrong = names.find((each) => !all.includes(each));
    if (wrong === undefined) return names;
    return fail(`--${name} has no "${wrong}"; there are ${all.join(',')}${canBeNone ? ', or none' : ''}`);
}

checkNode();
const unknown = process.argv.slice(2).find((argument) => argument.startsWith('--') && !KNOWN.includes(argument));
if (unknown) fail(`${unknown} is no option; there are ${KNOWN.join(', ')}`);
const kills = readNumber('kills', 100, MAX_KILLS);
const seed = readNumber('seed', 7, 2 ** 31);
const victims = readNames('victims', VICTIMS, false);
const faults = readNames('faults', FAULTS, true);
const scene = SCENES[readText('scene') ?? 'market'];
const epochSecs = readNumber('epoch-secs', 12, 30);
if (![12, 30].includes(epochSecs)) fail('--epoch-secs takes 12, or 30 on a busy machine');
if (scene === undefined) fail(`--scene takes ${Object.keys(SCENES).join(' or ')}`);
install();
build({ withApp: false });
await bundleWorkers(['node', 'committer', 'provider', 'watcher', 'indexer']);

const folder = mkdtempSync(join(tmpdir(), 'ocm-campaign-report-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', join('tests', 'campaign', scene)],
    {
        cwd: root,
        env: {
            ...process.env,
            OCM_CAMPAIGN_KILLS: `${kills}`,
            OCM_CAMPAIGN_SEED: `${seed}`,
            OCM_CAMPAIGN_VICTIMS: victims.join(),
            OCM_CAMPAIGN_FAULTS: faults.join(),
            OCM_CAMPAIGN_BUNDLED: '1',
            OCM_CAMPAIGN_EPOCH_SECS: `${epochSecs}`,
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
