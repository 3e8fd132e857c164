import { appendFileSync } from 'node:fs';

/** Kinds of processes that a campaign kills, and of trouble that it makes beside. */
export const VICTIMS = ['node', 'committer', 'provider', 'watcher', 'indexer'] as const;
export type VictimKind = (typeof VICTIMS)[number];
export const FAULTS = ['outage', 'rate-limit', 'clock', 'slow-origin', 'disk-full'] as const;
export type FaultKind = (typeof FAULTS)[number];

const LAST_LINES = 120;

/** What was done in a round, told whole where something went wrong. */
export class History {
    readonly kills = new Map<VictimKind, number>();
    readonly faults = new Map<FaultKind, number>();
    /** Moments at which kills came, by what was waited for. */
    readonly moments = new Map<string, number>();
    readonly violations: string[] = [];
    /** Restarts after a worker had ended by itself, by name and last words. */
    readonly selfEnds: string[] = [];
    readonly #lines: string[] = [];
    readonly #startedAtMs = performance.now();
    readonly #label: string;
    #path: string | undefined;

    constructor(label: string) {
        this.#label = label;
    }

    /** From now on it can be read along. */
    writeTo(path: string): void {
        this.#path = path;
    }

    tell(line: string): void {
        const seconds = ((performance.now() - this.#startedAtMs) / 1_000).toFixed(3);
        this.#lines.push(`${seconds} s ${line}`);
        if (this.#path !== undefined) appendFileSync(this.#path, `${seconds} s ${line}\n`);
    }

    killed(kind: VictimKind, name: string, moment: string): void {
        count(this.kills, kind);
        count(this.moments, moment.split(' ')[0] ?? moment);
        this.tell(`kill ${name} at ${moment}`);
    }

    faulted(kind: FaultKind, detail: string): void {
        count(this.faults, kind);
        this.tell(`fault ${kind}: ${detail}`);
    }

    violated(what: string): void {
        this.violations.push(what);
        this.tell(`VIOLATION ${what}`);
    }

    describe(): string {
        const found = this.violations.map((violation) => `  ! ${violation}`);
        const led = this.#lines.slice(-LAST_LINES).map((line) => `    ${line}`);
        return [`${this.#label}:`, ...found, '  what led there:', ...led].join('\n');
    }
}

export function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
    counts.set(key, (counts.get(key) ?? 0) + by);
}
