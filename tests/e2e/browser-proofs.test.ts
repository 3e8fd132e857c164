import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkConsistencyProof } from '@ocm/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import consistency from '../vectors/consistency-proofs.json' with { type: 'json' };
import settlements from '../vectors/inclusion-proofs.json' with { type: 'json' };
import trees from '../vectors/record-trees.json' with { type: 'json' };
import { findBrowser, launchBrowser } from './browser.js';
import { buildDisclosures, type Disclosure } from './disclosures.js';
import { ROOT } from './main-job.js';

const executable = findBrowser();
if (!executable) process.stderr.write('SKIPPED: proofs in a browser need Chromium; set CHROMIUM_PATH\n');
const PAGE = `<!doctype html><meta charset="utf-8"><title>Proofs</title>
<script type="module">import * as ocm from '/verify.js'; window.ocm = ocm;</script>`;
// No eval, no other origin, nothing inline but this page's own: what a strict site allows.
const POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'";

/** In the page, where the verifier is a global. */
type Verifier = typeof import('@ocm/sdk');
const call = <Input, Output>(page: Page, name: keyof Verifier, inputs: readonly Input[]): Promise<Output[]> =>
    page.evaluate(
        // biome-ignore lint/suspicious/noExplicitAny: it comes by script tag.
        ({ name, inputs }) => inputs.map((input) => (window as any).ocm[name](input)),
        { name, inputs },
    );

describe.skipIf(!executable)('proofs in Chromium, by the bundle that a site serves', () => {
    const cleanup: (() => unknown)[] = [];
    const failures: string[] = [];
    let page: Page;
    beforeAll(async () => {
        const folder = await mkdtemp(join(tmpdir(), 'ocm-proofs-'));
        cleanup.push(() => rm(folder, { recursive: true, force: true }));
        const file = join(folder, 'verify.js');
        const bundle = [join(ROOT, 'sdk', 'bundle.mjs'), 'src/verify/in-browser.ts', file];
        await promisify(execFile)(process.execPath, bundle);
        const script = await readFile(file, 'utf8');
        const server = createServer(({ url }, response) => {
            const [type, body] = url === '/verify.js' ? ['text/javascript', script] : ['text/html', PAGE];
            const headers = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY };
            response.writeHead(200, headers).end(body);
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const browser = await launchBrowser(executable ?? '');
        cleanup.push(
            () => server.close(),
            () => browser.close(),
        );
        page = await browser.newPage();
        page.on('pageerror', ({ message }) => failures.push(message));
        page.on('console', (message) => message.type() === 'error' && failures.push(message.text()));
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page`);
        await page.waitForFunction(() => 'ocm' in window);
    });
    afterAll(async () => {
        for (const close of cleanup.reverse()) await close();
    });

    it('of RFC 9162 consistency hold or fail as in the table, for the same reasons as in Node', async () => {
        const rows = [...consistency.proofs, ...consistency.invalid];
        const outcomes = await call(page, 'checkConsistencyProof', rows);
        expect(outcomes).toEqual(rows.map(checkConsistencyProof));
        const held = outcomes.filter((outcome) => (outcome as { verified: boolean }).verified);
        expect(held).toHaveLength(consistency.proofs.length);
        expect(consistency.invalid.length).toBeGreaterThan(5);
    });

    it('of RFC 9162 inclusion hold or fail as in the table', async () => {
        const rows = trees.trees.flatMap(({ entries, root, paths }) =>
            paths.map(({ index, path }) => ({ root, index, size: entries.length, entry: entries[index] ?? '', path })),
        );
        expect(new Set(await call(page, 'checkInclusionProof', rows))).toEqual(new Set([true]));
        const shifted = rows.map((row) => ({ ...row, entry: `${row.entry}00` }));
        const wrong = await call(page, 'checkInclusionProof', [...trees.invalidPaths, ...shifted]);
        expect(new Set(wrong)).toEqual(new Set([false]));
    });

    it('of leaves in settlement trees hold or fail as in the table', async () => {
        const outcomes = await call(page, 'checkSettlementProof', settlements.proofs);
        expect(outcomes).toEqual(settlements.proofs.map((row) => !('error' in row)));
    });

    it('of one disclosed field hold up to the root, and no other value, salt, place or root does', async () => {
        const disclosures = buildDisclosures();
        expect(disclosures.length).toBeGreaterThan(5);
        const verdicts = await page.evaluate(
            (all: Disclosure[]) =>
                all.map(({ proof, manifest, committed, lies }) => {
                    // biome-ignore lint/suspicious/noExplicitAny: it comes by script tag.
                    const { verifyFieldProof, findLeafProof, fromHex } = (window as any).ocm;
                    const root = fromHex(committed.root);
                    const chain = { ...committed, root, totalBytes: BigInt(committed.totalBytes) };
                    const way = findLeafProof(manifest, proof.session);
                    const judge = (change: object, onChain: object = chain) =>
                        verifyFieldProof({ ...proof, ...change }, way, onChain).verified;
                    const elsewhere = judge({}, { ...chain, root: root.map((byte: number) => byte ^ 1) });
                    return { holds: judge({}), lies: [...lies.map((lie) => judge(lie)), elsewhere] };
                }),
            disclosures,
        );
        for (const [place, { lies }] of disclosures.entries())
            expect(verdicts[place]).toEqual({ holds: true, lies: [...lies.map(() => false), false] });
        expect(failures).toEqual([]);
    });
});
