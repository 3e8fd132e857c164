import { describeConfig, listen, loadConfig, runService } from '@ocm/runtime';
import { originConfig } from './config.js';
import { createOriginServer } from './server.js';

const HELP = `ocm-origin --config FILE

Serves the files of a folder over HTTP: a content provider's origin.
Request counts: GET /.well-known/origin/status

Config (JSON; each field can be set by its variable instead):
${describeConfig(originConfig)}`;

await runService(
    'origin',
    async ({ log, onStop, untilStopped }) => {
        const config = loadConfig(originConfig, { argv: process.argv.slice(2), env: process.env });
        const { server } = await createOriginServer({ mediaDir: config.mediaDir, log });
        onStop(() => server.close());
        const { url } = await listen({ server, ...config.listen });
        log.info({ url, mediaDir: config.mediaDir }, 'origin is serving');
        await untilStopped();
    },
    { help: HELP },
);
