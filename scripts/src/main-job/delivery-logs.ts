import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLogFile } from '@ocm/sdk/core';
import { NODE_NAMES, NODES } from './nodes.js';
import type { StateFolder } from './state-folder.js';

/**
 * Entity bytes that the RELAYs' log files of a contract record for sessions (RFC 7937 `sc-entity-bytes` of records with
 * an `s-sid`): what was delivered according to the logs, independent of what was committed.
 */
export async function sumLoggedBytes(state: StateFolder, contract: string): Promise<number> {
    let total = 0;
    for (const name of NODE_NAMES.filter((node) => NODES[node].role === 'relay')) {
        const folder = state.path('workers', name, 'logs');
        const files = await readdir(folder).catch(() => []);
        for (const file of files.filter((candidate) => candidate.includes(contract))) {
            const { records } = parseLogFile(await readFile(join(folder, file), 'utf8'));
            for (const record of records) {
                if (record['s-sid'] !== undefined && record['s-sid'] !== '-')
                    total += Number(record['sc-entity-bytes'] ?? 0);
            }
        }
    }
    return total;
}
