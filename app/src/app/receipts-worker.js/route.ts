import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Read once, at build, which runs in this package's folder. */
export const dynamic = 'force-static';

/** The SDK's service worker under this site's root, so that it may serve all of its pages. */
export async function GET(): Promise<Response> {
    const { resolve } = createRequire(join(process.cwd(), 'package.json'));
    return new Response(await readFile(resolve('@ocm/sdk/browser/service-worker.js')), {
        headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
    });
}
