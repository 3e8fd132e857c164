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

/** The log files of a copy; remembers which lines a commitment vouches for. */
export class LogFiles {
    readonly #files = new Map<string, LogFile>();
    readonly #claimed = new Map<string, Set<number>>();

    static async open(copy: Copy, paths: readonly string[], findings: Findings): Promise<LogFiles> {
        const logs = new LogFiles();
        for (const path of paths) {
            const bytes = await copy.read(path);
            if (bytes === null) continue;
            const file = readLogFile(bytes);
            logs.#files.set(path, file);
            logs.#claimed.set(path, new Set());
            for (const { line, problem } of file.problems) findings.add(path, `${path}:${line}`, problem);
        }
        return logs;
    }

    get isEmpty(): boolean {
        return this.#files.size === 0;
    }

    has(path: string): boolean {
        return this.#files.has(path);
    }

    /** The line of a record. A line stands for one record only: a second claim gets nothing. */
    claim(path: string, number: number): LogLine | null {
        const claimed = this.#claimed.get(path);
        const line = this.#files.get(path)?.lines.get(number);
        if (line === undefined || claimed === undefined || claimed.has(number)) return null;
        claimed.add(number);
        return line;
    }

    /** After all records were compared: hashes of whole files, and what of them no commitment covers. */
    end(findings: Findings): void {
        for (const [path, file] of this.#files) {
            const claimed = this.#claimed.get(path);
            const open = [...file.lines.keys()].filter((line) => claimed?.has(line) !== true);
            if (!file.isHashRight) {
                const unproven = describeLines([...file.directives, ...open]);
                findings.add(
                    path,
                    `${path}:${unproven}`,
                    'SHA256-hash does not match; these lines nothing else vouches for',
                );
            }
            if (open.length > 0)
                findings.note(
                    `${path}: ${open.length} of ${file.lines.size} lines are of viewers without keys or receipts, or of records that are not in the copy; only the hash of the file covers them`,
                );
        }
    }
}
