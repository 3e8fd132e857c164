import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithBaseline } from './baseline.js';
import { readBaseline, readRecording } from './files.js';

/** Compares a recording with the baseline; true when nothing is wrong. */
export function checkRecording(root: string, path: string, complain: (text: string) => void): boolean {
    const complaints = compareWithBaseline({
        baseline: readBaseline(root),
        ...readRecording(root, path),
        changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
    });
    for (const complaint of complaints) complain(complaint);
    return complaints.length === 0;
}
