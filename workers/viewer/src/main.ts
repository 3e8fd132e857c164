import { describeConfig, loadConfig, lockDataDir, runService } from '@ocm/runtime';
import { viewerConfig } from './config.js';
import { HttpClient } from './http.js';
import { playStream } from './player.js';
import { PlaybackStore } from './state.js';

const HELP = `ocm-viewer --config FILE

Plays an HLS stream through without a screen: asks the router, fetches from the node that it names (or traditionally),
signs receipts, and ends with one line of JSON on stdout. Exit code 0: played through; 1: not, with the reason.
A state folder is one playback: started again after a crash it goes on where it stopped, and once it has ended it tells
the same result again. Another playback, under a fresh key, needs another folder.

Config (JSON; each field can be set by its variable instead):
${describeConfig(viewerConfig)}`;

await runService(
    'viewer',
    async ({ signal, log, onStop }) => {
        const config = loadConfig(viewerConfig, { argv: process.argv.slice(2), env: process.env });
        onStop(await lockDataDir(config.stateDir));
        const http = new HttpClient({ localAddress: config.localAddress });
        onStop(() => http.close());
        const store = new PlaybackStore(config.stateDir);
        const result = await playStream({ config, http, store, log, signal });
        process.stdout.write(`${JSON.stringify(result)}\n`);
    },
    { help: HELP },
);
