import type { Figures } from './measurements.js';

interface EpochPart {
    readonly name: string;
    /** How often one sampled epoch of two samples has it. */
    readonly count: number;
    /** The instruction in the figures, by its whole name. */
    readonly instruction: RegExp;
}

/** One epoch that the content provider does not co-sign, at the fewest samples. */
const SAMPLED_EPOCH: readonly EpochPart[] = [
    { name: 'commit', count: 1, instruction: /^settlement\.commit_delivery$/ },
    { name: 'seed', count: 1, instruction: /^settlement\.seed_\w+$/ },
    { name: 'inclusion', count: 2, instruction: /^settlement\.prove_inclusion$/ },
    { name: 'evidence', count: 2, instruction: /^settlement\.prove_evidence$/ },
    { name: 'settle', count: 1, instruction: /^settlement\.settle_delivery$/ },
];

/** Typical fees of one sampled epoch, and which parts of it no figure tells: they are left out of the sum. */
export function computeEpochFees(figures: Figures): { lamports: number | null; missing: string[] } {
    let lamports: number | null = null;
    const missing: string[] = [];
    for (const { name, count, instruction } of SAMPLED_EPOCH) {
        const found = Object.keys(figures).find((key) => instruction.test(key));
        const fee = found === undefined ? undefined : figures[found]?.feeLamports.typical;
        if (fee === undefined) missing.push(name);
        else lamports = (lamports ?? 0) + fee * count;
    }
    return { lamports, missing };
}
