import { type Figures, QUANTITIES } from './measurements.js';

/** What typical and worst compute units may rise above the baseline without a word in the changelog. */
export const TOLERANCE_PERCENT = 5;

const COMPARED = ['typical', 'worst'] as const;

/** The baseline file: one line per quantity, as the formatter leaves it. */
export function formatBaseline(figures: Figures): string {
    const quantity = (row: object) =>
        `{ ${Object.entries(row)
            .map(([name, value]) => `"${name}": ${value}`)
            .join(', ')} }`;
    const instructions = Object.entries(figures)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, row]) => {
            const lines = QUANTITIES.map((key) => `    "${key}": ${quantity(row[key])}`);
            return `  "${name}": {\n${lines.join(',\n')}\n  }`;
        });
    return `{\n${instructions.join(',\n')}\n}\n`;
}

/** The entries of the changelog's unreleased section, each on one line. */
export function listUnreleased(changelog: string): string[] {
    const section = changelog.split(/^## /m).find((text) => /^\[?unreleased\b/i.test(text)) ?? '';
    return section
        .split(/^\s*[-*] /m)
        .slice(1)
        .map((entry) => entry.replace(/\s+/g, ' ').trim());
}

/** Whether an entry names the instruction and its compute units. A name of several programs needs its program's too. */
function isAnnounced(name: string, names: readonly string[], entries: readonly string[]): boolean {
    const [, bare = name] = name.split('.');
    const shared = names.filter((other) => other.split('.')[1] === bare).length > 1;
    const wanted = shared ? name.replace('.', '\\.') : bare;
    const mention = new RegExp(`(?<![\\w])${wanted}(?!\\w)`);
    return entries.some((entry) => mention.test(entry) && /compute units/i.test(entry));
}

function listRises(name: string, before: Figures[string], after: Figures[string]): string[] {
    return COMPARED.filter((which) => after.units[which] * 100 > before.units[which] * (100 + TOLERANCE_PERCENT)).map(
        (which) =>
            `${name}: ${which} compute units rose from ${before.units[which]} to ${after.units[which]}, more than ` +
            `${TOLERANCE_PERCENT} %; if that is meant, say so in CHANGELOG.md under Unreleased with the instruction's name and "compute units"`,
    );
}

/**
 * What is wrong with measured figures against a baseline, a sentence each; none when all is well.
 *
 * @example compareWithBaseline({ baseline, figures, unmeasured: [], changelog });
 */
export function compareWithBaseline(input: {
    baseline: Figures;
    figures: Figures;
    unmeasured: readonly string[];
    changelog: string;
}): string[] {
    const { baseline, figures, unmeasured, changelog } = input;
    const entries = listUnreleased(changelog);
    const names = [...Object.keys(figures), ...unmeasured];
    const complaints = unmeasured.map((name) => `${name}: unmeasured; no test runs it successfully`);
    for (const [name, after] of Object.entries(figures)) {
        const before = baseline[name];
        if (before === undefined) complaints.push(`${name}: has no baseline; run npm run bench -- cu --write`);
        else if (!isAnnounced(name, names, entries)) complaints.push(...listRises(name, before, after));
    }
    for (const name of Object.keys(baseline)) {
        if (!names.includes(name))
            complaints.push(`${name}: is in the baseline and in no IDL; run npm run bench -- cu --write`);
    }
    return complaints;
}
