import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from './world.js';

const TEMPORARY = /(\.tmp$|\.lock$|-journal$)/;

/** Stops every process as its user would; one that does not end in good order is told. */
export async function stopAll({ processes, history }: World): Promise<void> {
    await Promise.all(
        processes.map(async (worker) => {
            if (!worker.isAlive) return history.violated(`${worker.spec.name} does not run at the end`);
            const code = await worker.stop();
            if (code !== 0) history.violated(`${worker.spec.name} stopped with ${code}`);
        }),
    );
}

/** Nothing that a killed life had open is left over, and the watcher has found nothing in an honest operator's work. */
export async function judgeFiles({ processes, history }: World): Promise<void> {
    for (const { dataDir, spec } of processes) {
        const names = await readdir(dataDir, { recursive: true });
        const left = names.filter((name) => TEMPORARY.test(name));
        if (left.length > 0)
            history.violated(`${spec.name} leaves ${left.length} files: ${left.slice(0, 3).join(', ')}`);
        if (spec.kind !== 'watcher') continue;
        const findings = await readdir(join(dataDir, 'findings')).catch(() => []);
        if (findings.length > 0) history.violated(`the watcher found ${findings.length} wrongs: ${findings[0]}`);
    }
}
