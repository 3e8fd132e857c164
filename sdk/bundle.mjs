// Bundles entries of the SDK for browsers into one file each: `node sdk/bundle.mjs [entry target]`, by default the service worker
// and the verifier of proofs.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const sdk = dirname(fileURLToPath(import.meta.url));
const [entry, target] = process.argv.slice(2);
const BUNDLES = [
    ['src/browser/worker/main.ts', join(sdk, 'dist', 'browser', 'service-worker.js')],
    ['src/verify/in-browser.ts', join(sdk, 'dist', 'browser', 'verify.js')],
];

for (const [input, file] of entry === undefined ? BUNDLES : [[entry, target]]) {
    // Straight from the sources: it needs no build before it, and can never be older than they are.
    const build = await rolldown({
        input: join(sdk, input),
        platform: 'browser',
        tsconfig: false,
        resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    });
    await build.write({ file, format: 'esm', minify: true, sourcemap: false });
    await build.close();
}
