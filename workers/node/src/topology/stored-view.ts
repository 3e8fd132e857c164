import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import type { NodeLog } from '../ports.js';
import { type TopologyView, topologyView } from './view.js';

const viewPath = (dataDir: string): string => join(dataDir, 'topology.json');

/** The view of an earlier life, so that a restart without RPC still serves; null if there is none that can be read. */
export async function loadView(dataDir: string, log: NodeLog): Promise<TopologyView | null> {
    try {
        return topologyView.parse(JSON.parse(await readFile(viewPath(dataDir), 'utf8')));
    } catch (error) {
        const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isAbsent) log.warn({ err: error }, 'stored topology unreadable, waiting for the chain');
        return null;
    }
}

export const saveView = (dataDir: string, view: TopologyView): Promise<void> =>
    writeFileAtomic(viewPath(dataDir), JSON.stringify(view), 0o600);
