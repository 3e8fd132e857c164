import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatBaseline } from './baseline.js';
import { computeFigures, type Figures, parseRecording } from './measurements.js';

const BASELINE = 'tests/compute-units.json';

/** Every instruction of every IDL, as `program.instruction`. */
export function listInstructions(root: string): string[] {
    const folder = join(root, 'sdk', 'idl');
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    return files.sort().flatMap((file) => {
        const idl = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { instructions: { name: string }[] };
        return idl.instructions.map(({ name }) => `${file.slice(0, -'.json'.length)}.${name}`);
    });
}

/**
 * The figures of a recording that the on-chain tests wrote.
 *
 * @throws Error when there is none.
 */
export function readRecording(root: string, path: string): ReturnType<typeof computeFigures> {
    if (!existsSync(path)) {
        throw new Error(`there is no recording at ${path}: run the on-chain tests with OCM_TEST_RECORDING=${path}`);
    }
    return computeFigures(listInstructions(root), parseRecording(readFileSync(path, 'utf8')));
}

export function readBaseline(root: string): Figures {
    return JSON.parse(readFileSync(join(root, BASELINE), 'utf8')) as Figures;
}

/** Returns the file's path from the root. */
export function writeBaseline(root: string, figures: Figures): string {
    writeFileSync(join(root, BASELINE), formatBaseline(figures));
    return BASELINE;
}
