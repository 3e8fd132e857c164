import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReceiptConfigInput } from '@ocm/sdk/browser';
import { ROOT } from './main-job.js';

const require = createRequire(import.meta.url);
/** A browser from before WebCrypto Ed25519: init scripts do not reach service workers, so its script begins with this. */
const WITHOUT_ED25519 = `const { generateKey } = SubtleCrypto.prototype;
SubtleCrypto.prototype.generateKey = function (algorithm, ...rest) {
    if ((algorithm?.name ?? algorithm) === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'));
    return generateKey.call(this, algorithm, ...rest);
};
`;

/** What a content provider's site needs: the three lines, and a player that knows nothing of them. */
function toPage(config: ReceiptConfigInput, player: string, isOld: boolean): string {
    return `<!doctype html><meta charset="utf-8"><title>Player</title>
<video muted playsinline></video>
<script src="/${player}.js"></script>
<script type="module">
import { registerReceipts } from '/receipts.js';
window.events = [];
const onEvent = (event) => events.push(event);
const client = await registerReceipts({ ...${JSON.stringify(config)}, workerUrl: '/${isOld ? 'old-' : ''}worker.js', onEvent });
window.isActive = client.isActive;
window.finish = client.finish;
</script>`;
}

/** Serves pages with players on a free port of 127.0.0.1, which browsers take for a secure context. */
export async function startSite(folder: string, config: ReceiptConfigInput): Promise<{ url: string; close(): void }> {
    const bundle = (entry: string, name: string) =>
        promisify(execFile)(process.execPath, [join(ROOT, 'sdk', 'bundle.mjs'), entry, join(folder, name)]);
    await Promise.all([
        bundle('src/browser/worker/main.ts', 'worker.js'),
        bundle('src/browser/index.ts', 'receipts.js'),
        bundle('src/browser/worker/session-store.ts', 'store.js'),
    ]);
    const files: Record<string, () => Promise<string>> = {
        '/worker.js': () => readFile(join(folder, 'worker.js'), 'utf8'),
        '/old-worker.js': async () => WITHOUT_ED25519 + (await readFile(join(folder, 'worker.js'), 'utf8')),
        '/receipts.js': () => readFile(join(folder, 'receipts.js'), 'utf8'),
        '/store.js': () => readFile(join(folder, 'store.js'), 'utf8'),
        '/hls.js': () => readFile(require.resolve('hls.js/dist/hls.min.js'), 'utf8'),
        '/shaka.js': () => readFile(require.resolve('shaka-player/dist/shaka-player.compiled.js'), 'utf8'),
    };
    const server = createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
        const deadPeers = searchParams.has('dead') ? { providerUrl: 'http://127.0.0.1:9' } : {};
        const file = files[pathname];
        const page = toPage({ ...config, ...deadPeers }, searchParams.get('player') ?? 'hls', searchParams.has('old'));
        const type = file === undefined ? 'text/html' : 'text/javascript';
        void (file?.() ?? Promise.resolve(page)).then((body) =>
            response
                .writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
                .end(body),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
