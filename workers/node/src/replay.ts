import { readFile } from 'node:fs/promises';
import { decisionList } from '@ocm/sdk/http';
import { isReplayable, replay } from './routing/decision/replay.js';

const USAGE = `Usage: node workers/node/dist/replay.js FILE

Decides again what a router has decided. FILE is what its operator gets from /.well-known/ocm/operator/decisions.
Tells each decision that comes out differently; exit code 1 if there is one.
`;

async function run(file: string): Promise<number> {
    const { decisions } = decisionList.parse(JSON.parse(await readFile(file, 'utf8')));
    let differing = 0;
    for (const [i, record] of decisions.entries()) {
        if (isReplayable(record)) continue;
        const again = replay(record);
        differing += 1;
        process.stdout.write(
            `decision ${i} at ${record.atMs}: ${record.decision} ${record.node ?? ''}, again ${again.decision} ${again.node ?? ''}\n`,
        );
    }
    process.stdout.write(`${decisions.length} decisions, ${differing} differ\n`);
    return differing === 0 ? 0 : 1;
}

const [file] = process.argv.slice(2);
if (file === undefined || file.startsWith('-')) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
} else {
    try {
        process.exitCode = await run(file);
    } catch (error) {
        process.stderr.write(`replay: ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 2;
    }
}
