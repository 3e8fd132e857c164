import type { Figures } from './measurements.js';

interface EpochPart {
    readonly name: string;
    /** How often one sampled epoch of two samples has it. */
    readonly count: number;
    /** The instruction in the figures, by its whole name. */
    readonly instruction: RegExp;
}

/** The fewest samples that a commitment is proved by. */
const FEWEST_SAMPLES = 2;

/** One epoch that the content provider does not co-sign. */
const listParts = (samples: number): readonly EpochPart[] => [
    { name: 'commit', count: 1, instruction: /^settlement\.commit_delivery$/ },
    { name: 'seed', count: 1, instruction: /^settlement\.seed_\w+$/ },
    { name: 'inclusion', count: samples, instruction: /^settlement\.prove_inclusion$/ },
    { name: 'evidence', count: samples, instruction: /^settlement\.prove_evidence$/ },
    { name: 'settle', count: 1, instruction: /^settlement\.settle_delivery$/ },
];

/** Typical fees of one sampled epoch, and which parts of it no figure tells: they are left out of the sum. */
export function computeEpochFees(
    figures: Figures,
    samples = FEWEST_SAMPLES,
): { lamports: number | null; missing: string[] } {
    let lamports: number | null = null;
    const missing: string[] = [];
    for (const { name, count, instruction } of listParts(samples)) {
        const found = Object.keys(figures).find((key) => instruction.test(key));
        const fee = found === undefined ? undefined : figures[found]?.feeLamports.typical;
        if (fee === undefined) missing.push(name);
        else lamports = (lamports ?? 0) + fee * count;
    }
    return { lamports, missing };
}
