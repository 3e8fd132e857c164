import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Market } from './job.js';
import { NODE_NAMES } from './nodes.js';
import type { StateFolder } from './state-folder.js';

/** Arguments with which anyone who may read the operator's logs verifies the run's contract. */
export function verifyArguments({ cluster, urls, nodes, contract }: Market, state: StateFolder): string[] {
    return [
        'verify',
        contract.address.toBase58(),
        ...['--rpc-url', cluster.rpcUrl],
        ...['--committer', urls.committer],
        ...NODE_NAMES.flatMap((name) => ['--node', `${nodes[name].toBase58()}=${urls.nodes[name]}`]),
        ...['--operator-secret-file', state.path('keys', 'operator-secret')],
        ...['--json', state.path('statement.json')],
    ];
}

/** Has the run recomputed by `ocm verify`, which shares no code with what did it. @throws Error when anything differs */
export async function verifyRun(market: Market, state: StateFolder): Promise<void> {
    const entry = fileURLToPath(import.meta.resolve('@ocm/verifier/main'));
    const child = spawn(process.execPath, [entry, ...verifyArguments(market, state)], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    let statement = '';
    child.stdout.on('data', (chunk: Buffer) => {
        statement += chunk.toString('utf8');
    });
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`ocm verify ended with ${code}:\n${statement}`);
}
