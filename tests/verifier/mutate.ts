import type { Finding } from '@ocm/verifier';

/** Numbers below 2^32 from a seed: the same mutations each time (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
    let state = seed >>> 0;
    return (below) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
}

export type Mutation = { path: string; place: number; before: number; after: number };

/** Another value for one random byte of one random file. */
export function mutate(files: ReadonlyMap<string, Uint8Array>, random: (below: number) => number): Mutation {
    const paths = [...files.keys()].sort();
    const path = paths[random(paths.length)] ?? '';
    const bytes = files.get(path) ?? new Uint8Array();
    const place = random(bytes.length);
    const before = bytes[place] ?? 0;
    return { path, place, before, after: (before + 1 + random(255)) & 0xff };
}

export function apply(
    files: ReadonlyMap<string, Uint8Array>,
    { path, place, after }: Mutation,
): Map<string, Uint8Array> {
    const bytes = Uint8Array.from(files.get(path) ?? []);
    bytes[place] = after;
    return new Map(files).set(path, bytes);
}

const countLines = (bytes: Uint8Array, until: number): number =>
    Buffer.from(bytes.subarray(0, until)).toString('latin1').split('\r\n').length;

/** Whether the lines that a finding names, such as `file:1-5, 9`, include one. */
function namesLine(record: string, path: string, line: number): boolean {
    if (!record.startsWith(`${path}:`)) return false;
    return record
        .slice(path.length + 1)
        .split(', ')
        .some((range) => {
            const [from = 0, to = from] = range.split('-').map(Number);
            return line >= from && line <= to;
        });
}

/** Place of the session in its manifest whose text holds the byte; null between sessions. */
function sessionAt(manifest: Uint8Array, place: number): number | null {
    const text = Buffer.from(manifest).toString('latin1');
    const start = text.indexOf('"sessions":[');
    const end = text.indexOf('],"totalBytes"');
    if (start < 0 || place <= start + 12 || place >= end) return null;
    return text.slice(start, place).split('},{').length - 1;
}

/** Whether the byte spells the class of a leaf, which no receipt repeats: only the hashes of tree and manifest cover it. */
function isLeafClass(manifest: Uint8Array, place: number): boolean {
    const start = Buffer.from(manifest).toString('latin1').lastIndexOf('"leaf":"', place) + 8;
    return place - start === 58 || place - start === 59;
}

/** Whether the findings name the record that holds the byte: the line of a log, the session of a manifest, else the file. */
export function namesRecord(findings: readonly Finding[], original: Uint8Array, mutation: Mutation): boolean {
    const { path, place } = mutation;
    const own = findings.filter(({ file }) => file === path);
    if (path.startsWith('logs/')) {
        const line = countLines(original, place);
        return own.some(({ record }) => namesLine(record, path, line));
    }
    const session = path.endsWith('manifest.json') ? sessionAt(original, place) : null;
    // A manifest that can no longer be read as JSON is named as a whole.
    if (session === null || own.some(({ record }) => record === path)) return own.length > 0;
    if (isLeafClass(original, place)) return own.some(({ record }) => record.startsWith('manifest of '));
    return own.some(({ record }) => record.endsWith(`sessions[${session}]`));
}
