import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import type { NodeLog } from '../ports.js';

const pathOf = (dataDir: string): string => join(dataDir, 'cluster-clock.json');

/** Cluster's clock minus this machine's, of an earlier life; null if there is none that can be read. */
export async function loadOffset(dataDir: string, limitMs: number, log: NodeLog): Promise<number | null> {
    try {
        const stored = z.object({ offsetMs: z.number().int().min(-limitMs).max(limitMs) });
        return stored.parse(JSON.parse(await readFile(pathOf(dataDir), 'utf8'))).offsetMs;
    } catch (error) {
        const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isAbsent) log.warn({ err: error }, "stored difference to the cluster's clock unreadable, reading it anew");
        return null;
    }
}

export const saveOffset = (dataDir: string, offsetMs: number): Promise<void> =>
    writeFileAtomic(pathOf(dataDir), JSON.stringify({ offsetMs }), 0o600);
