import type { RewardProof } from '../../core/rewards.js';
import { argumentError } from '../../errors/sdk-error.js';
import { assertHash, assertInteger, assertU64 } from '../checks.js';

/** Hashes of the longest path: a pool has at most 2^20 members. */
const MAX_PATH_LEN = 20;

/** Refuses what no program could read as a member's proof, before a signature is spent on it. */
export function assertRewardProof({ entry, path }: RewardProof): void {
    assertInteger('proof.entry.index', entry.index, 0, 2 ** MAX_PATH_LEN - 1);
    assertHash('proof.entry.owner', entry.owner);
    assertU64('proof.entry.lifetime', entry.lifetime);
    if (path.length > MAX_PATH_LEN) throw argumentError('proof.path', `at most ${MAX_PATH_LEN} hashes`);
    path.forEach((hash, place) => {
        assertHash(`proof.path[${place}]`, hash);
    });
}
