// Bundles one entry of the SDK for browsers into one file: `node sdk/bundle.mjs [entry target]`, by default the service worker.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const sdk = dirname(fileURLToPath(import.meta.url));
const [entry = 'src/browser/worker/main.ts', target = join(sdk, 'dist', 'browser', 'service-worker.js')] =
    process.argv.slice(2);

// Straight from the sources: it needs no build before it, and can never be older than they are.
const build = await rolldown({
    input: join(sdk, entry),
    platform: 'browser',
    tsconfig: false,
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
});
await build.write({ file: target, format: 'esm', minify: true, sourcemap: false });
await build.close();
