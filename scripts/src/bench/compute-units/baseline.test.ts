import { describe, expect, it } from 'vitest';
import { compareWithBaseline, formatBaseline, listUnreleased } from './baseline.js';
import type { Figures } from './measurements.js';

const NAME = 'settlement.commit_delivery';

function figures(units: { typical: number; worst: number }, name = NAME): Figures {
    const other = { first: 1, typical: 1, worst: 1 };
    return {
        [name]: { units: { first: 1, ...units }, transactionBytes: other, feeLamports: other, rentLamports: other },
    };
}

const changelogOf = (entries: string) =>
    `# Changelog\n\n## Unreleased\n\n### Changed\n\n${entries}\n\n## 0.1.0\n\n- commit_delivery takes fewer compute units.\n`;

const baseline = figures({ typical: 1_000, worst: 2_000 });
const compare = (after: Figures, changelog = changelogOf('- Nothing.'), before = baseline) =>
    compareWithBaseline({ baseline: before, figures: after, unmeasured: [], changelog });

describe('compareWithBaseline', () => {
    it('accepts what rose by five percent exactly, and what fell', () => {
        expect(compare(figures({ typical: 1_050, worst: 2_100 }))).toEqual([]);
        expect(compare(figures({ typical: 1, worst: 1 }))).toEqual([]);
    });
    it('refuses typical units above that, by one', () => {
        expect(compare(figures({ typical: 1_051, worst: 2_000 }))).toEqual([
            expect.stringMatching(/^settlement\.commit_delivery: typical compute units rose from 1000 to 1051/),
        ]);
    });
    it('refuses worst units above that, by one', () => {
        expect(compare(figures({ typical: 1_000, worst: 2_101 }))).toEqual([
            expect.stringMatching(/^settlement\.commit_delivery: worst compute units rose from 2000 to 2101/),
        ]);
    });

    const risen = figures({ typical: 1_500, worst: 2_500 });
    it.each([
        ['- `commit_delivery` checks more: 1 500 compute units.'],
        ['- settlement.commit_delivery: more Compute Units.'],
        ['- `commit_delivery` checks\n  more and takes more compute\n  units.'],
        ['* Compute units of `commit_delivery` rise.'],
    ])('accepts a rise that the changelog tells: %j', (entries) => {
        expect(compare(risen, changelogOf(entries))).toEqual([]);
    });
    it.each([
        ['the instruction without its compute units', '- `commit_delivery` checks more.'],
        ['compute units of another instruction', '- `cosign_delivery` takes more compute units.'],
        ['an instruction whose name only begins alike', '- `commit_delivery_again` takes more compute units.'],
        ['both, in two entries', '- `commit_delivery` checks more.\n- More compute units.'],
    ])('refuses a rise where the changelog tells %s', (_what, entries) => {
        expect(compare(risen, changelogOf(entries))).toHaveLength(2);
    });
    it('refuses a rise that only a released section tells', () => {
        expect(compare(risen)).toHaveLength(2);
    });
    it('wants the program named where two programs have an instruction of that name', () => {
        const twin = figures({ typical: 1, worst: 1 }, 'market.commit_delivery');
        const told = (entry: string) =>
            compare({ ...risen, ...twin }, changelogOf(entry), { ...baseline, ...twin }).length;
        expect(told('- `commit_delivery` takes more compute units.')).toBe(2);
        expect(told('- `settlement.commit_delivery` takes more compute units.')).toBe(0);
    });

    it('refuses an instruction without a baseline, and a baseline without an instruction', () => {
        const other = figures({ typical: 1, worst: 1 }, 'market.post_offer');
        expect(compare(other)).toEqual([
            expect.stringContaining('market.post_offer: has no baseline'),
            expect.stringContaining('settlement.commit_delivery: is in the baseline and in no IDL'),
        ]);
    });
    it('refuses an unmeasured instruction', () => {
        const input = { baseline, figures: {}, unmeasured: [NAME], changelog: '' };
        expect(compareWithBaseline(input)).toEqual([expect.stringContaining(`${NAME}: unmeasured`)]);
    });
});

describe('listUnreleased', () => {
    it('has nothing of a changelog without that section', () => {
        expect(listUnreleased('# Changelog\n\n## 1.0.0\n\n- Something.\n')).toEqual([]);
    });
});

describe('formatBaseline', () => {
    it('writes what reads back, instructions by name', () => {
        const both = { ...baseline, ...figures({ typical: 5, worst: 6 }, 'market.post_offer') };
        const text = formatBaseline(both);
        expect(JSON.parse(text)).toEqual(both);
        expect(Object.keys(JSON.parse(text) as object)).toEqual(['market.post_offer', NAME]);
    });
});
