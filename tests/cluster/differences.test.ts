import { describe, expect, it } from 'vitest';
import { collectAnswers } from './difference-probes.js';
import { findDifferences } from './differences.js';
import { rpc, serveCluster } from './support.js';

/** Error texts are our own where no client reads them; cost units are not computed. */
const KNOWN = /^error\.message$|(^|\.)costUnits$/;

const realUrl = process.env.REAL_RPC_URL;

/**
 * Asks this cluster and a real one the same and prints what differs. By hand, against a fresh `solana-test-validator`:
 * REAL_RPC_URL=http://127.0.0.1:8899 npx vitest run tests/cluster/differences.test.ts
 */
describe.skipIf(realUrl === undefined)('the simulated cluster beside a real one', () => {
    it('answers alike but for what docs/cluster.md lists', async () => {
        const { result: version } = await rpc(realUrl ?? '', 'getVersion');
        expect(version['solana-core']).not.toContain('simulated');
        const served = await serveCluster();
        const embedded = await collectAnswers(served.rpcUrl);
        const real = await collectAnswers(realUrl ?? '');
        await served.close();
        const differences = findDifferences(embedded, real);
        console.table(differences.map(({ question, path, ...rest }) => ({ where: `${question}: ${path}`, ...rest })));
        expect(embedded.size).toBeGreaterThan(50);
        expect(differences.filter(({ path }) => !KNOWN.test(path))).toEqual([]);
    }, 600_000);
});
