import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import type { Clock } from '../ports.js';

/** More is no maintenance but the end of a node, for which there is an instruction on chain. */
export const MAX_MAINTENANCE_MS = 30 * 86_400_000;
const MAX_WINDOWS = 1_000;

const maintenanceFile = z.array(z.object({ node: z.string().min(32).max(44), untilMs: z.number().int().positive() }));

/** Peers that their operator has taken out for a while. On disk, so that a restarted router does not send viewers into it. */
export class Maintenance {
    readonly #path: string;
    readonly #now: Clock;
    readonly #until = new Map<string, number>();

    constructor(dataDir: string, now: Clock) {
        this.#path = join(dataDir, 'maintenance.json');
        this.#now = now;
    }

    /** @throws MKT_NODE__MAINTENANCE_UNREADABLE: guessing that nobody is in maintenance could send viewers into it */
    async open(): Promise<void> {
        try {
            for (const { node, untilMs } of maintenanceFile.parse(JSON.parse(await readFile(this.#path, 'utf8')))) {
                this.#until.set(node, untilMs);
            }
        } catch (error) {
            if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
            const remedy = 'maintenance.json in the data folder cannot be read; mend or remove it';
            throw failure('MKT_NODE__MAINTENANCE_UNREADABLE', remedy, { path: this.#path }, error);
        }
    }

    includes(node: string): boolean {
        const untilMs = this.#until.get(node);
        return untilMs !== undefined && this.#now() < untilMs;
    }

    list(): { node: string; untilMs: number }[] {
        const nowMs = this.#now();
        return [...this.#until].flatMap(([node, untilMs]) => (untilMs > nowMs ? [{ node, untilMs }] : []));
    }

    /** @param untilMs local milliseconds; the present or the past ends the maintenance */
    async set(node: string, untilMs: number): Promise<void> {
        for (const [known, end] of this.#until) if (end <= this.#now()) this.#until.delete(known);
        if (untilMs <= this.#now()) this.#until.delete(node);
        else if (this.#until.size < MAX_WINDOWS || this.#until.has(node)) this.#until.set(node, untilMs);
        else throw failure('MKT_NODE__MAINTENANCE_FULL', `more than ${MAX_WINDOWS} nodes are in maintenance`, { node });
        await writeFileAtomic(this.#path, JSON.stringify(this.list()), 0o600);
    }
}
