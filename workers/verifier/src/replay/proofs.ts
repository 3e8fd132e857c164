import { domain, fromHex, sha256, toHex, u16 } from '../protocol/bytes.js';
import { decodeLeaf } from '../protocol/messages.js';
import { verifyCover } from '../protocol/sum-tree.js';
import type { CommitmentBooks } from './commitment-books.js';
import { accountOf, commitmentOf, type Handler } from './ledger.js';

const SAMPLE_DOMAIN = domain('OCM/sample/v1');
const MAX_SAMPLES = 8;

export const seedCommitment: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    books.state = 'seeded';
    record.isSeedTimeUnknown = step.moment === null;
    books.seededAt = step.moment?.time ?? 0n;
    const told = step.events.expect('CommitmentSeeded', {
        commitment: accountOf(step, 'commitment'),
        slot: (slot) =>
            (slot as bigint) >= books.seedTargetSlot && (step.moment === null || (slot as bigint) < step.moment.slot),
        // The hash of a past slot is in no account any more: the seed is taken as told, the samples follow from it.
        seed: (seed) => typeof seed === 'string',
        samples: books.samples,
    });
    if (typeof told?.seed === 'string') books.seed = told.seed;
    step.findings.note('seeds: the hashes of past slots are in no account; they were taken as the programs told them');
};

export const rearmSeed: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    books.rearms += 1;
    books.samples = Math.min(2 * books.samples, MAX_SAMPLES);
    const target = step.moment === null ? null : step.moment.slot + BigInt(step.books.seedDelaySlots);
    const told = step.events.expect('SeedRearmed', {
        commitment: accountOf(step, 'commitment'),
        rearms: books.rearms,
        samples: books.samples,
        seedTargetSlot: target ?? ((slot) => (slot as bigint) > books.seedTargetSlot),
    });
    books.seedTargetSlot = target ?? (told?.seedTargetSlot as bigint | undefined) ?? books.seedTargetSlot;
};

function sampleTarget({ seed, totalBytes }: CommitmentBooks, index: number): bigint {
    const hash = Buffer.from(sha256(SAMPLE_DOMAIN, fromHex(seed), u16(index)));
    const wide = (hash.readBigUInt64LE(8) << 64n) | hash.readBigUInt64LE(0);
    return totalBytes === 0n ? 0n : wide % totalBytes;
}

/** Hash of the leaf that an instruction shows to cover a target; null when it does not. */
export function coveringLeaf(
    books: CommitmentBooks,
    target: bigint,
    args: Readonly<Record<string, unknown>>,
): string | null {
    const leaf = decodeLeaf(fromHex(args.leaf as string));
    if (leaf === null) return null;
    const proof = {
        key: leaf.tokenHash,
        leafHash: leaf.hash,
        bytes: leaf.bytes,
        others: fromHex(args.others as string),
        path: fromHex(args.path as string),
    };
    return verifyCover(books, target, proof) ? toHex(leaf.hash) : null;
}

export const proveInclusion: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const index = step.instruction.args.index as number;
    const leaf = coveringLeaf(record.books, sampleTarget(record.books, index), step.instruction.args);
    if (leaf === null) {
        step.findings.add(step.file, step.where, `proves sample ${index} with a leaf that does not cover it`);
        return;
    }
    record.books.sampleLeaves[index] = leaf;
    record.books.inclusionBits |= 1 << index;
};

export const proveEvidence: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { books } = record;
    const index = step.instruction.args.index as number;
    const leaf = toHex(sha256(Uint8Array.of(0), fromHex(step.instruction.args.leaf as string)));
    if (books.sampleLeaves[index] !== leaf)
        step.findings.add(step.file, step.where, `proves the evidence of another leaf than sample ${index}`);
    books.evidenceBits |= 1 << index;
    const proven = Array.from({ length: books.samples }, (_, bit) => 1 << bit).every((bit) => books.evidenceBits & bit);
    if (!proven) return;
    books.state = 'proven';
    step.events.expect('SampleProven', { commitment: accountOf(step, 'commitment'), samples: books.samples });
};
