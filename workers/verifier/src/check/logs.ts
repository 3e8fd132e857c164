import type { Copy } from '../copy/copy.js';
import type { Findings } from '../findings.js';
import { type LogFile, type LogLine, readLogFile } from '../protocol/log-file.js';

const MAX_LINES_NAMED = 20;

/** Lines 1-5, 9: ranges, so that a long file stays a short text. */
export function describeLines(lines: readonly number[]): string {
    const ranges: [number, number][] = [];
    for (const line of [...lines].sort((a, b) => a - b)) {
        const last = ranges.at(-1);
        if (last !== undefined && last[1] === line - 1) last[1] = line;
        else ranges.push([line, line]);
    }
    const shown = ranges.slice(0, MAX_LINES_NAMED).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
    return shown.join(', ') + (ranges.length > MAX_LINES_NAMED ? ', …' : '');
}

type Open = { file: LogFile; claimed: Set<number> };

/**
 * The log files of a copy; remembers which lines a commitment vouches for. A file holds one epoch of one node, so that only
 * those of the present epoch are in memory.
 */
export class LogFiles {
    readonly #open = new Map<string, Open>();
    /** Not looked at yet. */
    readonly #waiting: Set<string>;

    constructor(
        private readonly copy: Copy,
        paths: readonly string[],
        private readonly findings: Findings,
    ) {
        this.#waiting = new Set(paths);
    }

    /** The line of a record, `false` for a file that is not there. A line stands for one record only: a second claim gets nothing. */
    async claim(path: string, number: number): Promise<LogLine | null | false> {
        const open = this.#open.get(path) ?? (await this.#read(path));
        if (open === null) return false;
        const line = open.file.lines.get(number);
        if (line === undefined || open.claimed.has(number)) return null;
        open.claimed.add(number);
        return line;
    }

    /** After the records of an epoch were compared: hashes of whole files, and what of them no commitment covers. */
    endEpoch(): void {
        for (const [path, open] of this.#open) this.#judge(path, open);
        this.#open.clear();
    }

    /** Files that no record names. */
    async end(): Promise<void> {
        for (const path of [...this.#waiting]) {
            await this.#read(path);
            this.endEpoch();
        }
    }

    async #read(path: string): Promise<Open | null> {
        if (!this.#waiting.delete(path)) return null;
        const bytes = await this.copy.read(path);
        if (bytes === null) return null;
        const open = { file: readLogFile(bytes), claimed: new Set<number>() };
        this.#open.set(path, open);
        for (const { line, problem } of open.file.problems) this.findings.add(path, `${path}:${line}`, problem);
        return open;
    }

    #judge(path: string, { file, claimed }: Open): void {
        const unclaimed = [...file.lines.keys()].filter((line) => !claimed.has(line));
        if (!file.isHashRight) {
            const unproven = describeLines([...file.directives, ...unclaimed]);
            this.findings.add(
                path,
                `${path}:${unproven}`,
                'SHA256-hash does not match; these lines nothing else vouches for',
            );
        }
        if (unclaimed.length > 0)
            this.findings.note(
                `${path}: ${unclaimed.length} of ${file.lines.size} lines are of viewers without keys or receipts, or of records that are not in the copy; only the hash of the file covers them`,
            );
    }
}
