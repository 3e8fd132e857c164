import { readFileSync, writeFileSync } from 'node:fs';
import type { Step } from './step.js';

/** A finding on disk: where it came from and the shortest way to it. */
export interface Script {
    readonly seed: number;
    readonly episode: number;
    readonly what: string;
    readonly steps: readonly Step[];
}

/** JSON with amounts as `"123n"`. */
export function writeScript(path: string, script: Script): void {
    const text = JSON.stringify(script, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value), 1);
    writeFileSync(path, `${text}\n`);
}

/** @throws Error when the file is no script. */
export function readScript(path: string): Script {
    const script: Script = JSON.parse(readFileSync(path, 'utf8'), (_key, value) =>
        typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    );
    if (!Array.isArray(script.steps)) throw new Error(`${path} is no script of the fuzzer: it has no steps`);
    return script;
}
