import { FLAWS } from '../model/flaws.js';
import { epochEnd } from '../model/rules.js';
import type { TreeSpec } from '../model/sessions.js';
import type { Contract } from '../model/state.js';
import type { Random } from '../random.js';

const MAX_SESSIONS = 4;

/** A tree that was really served, mostly; one whose evidence is as far off as it may be, or further; or none. */
export function proposeTree(random: Random, contract: Contract, at: { epoch: number; kind: number; bytes: bigint }) {
    if (at.bytes === 0n || random.chance(0.1)) return null;
    const most = at.bytes < BigInt(MAX_SESSIONS) ? Number(at.bytes) : MAX_SESSIONS;
    const flaw = random.chance(0.75) ? 'none' : random.pick(['edge', 'longest', ...FLAWS] as const);
    const { epochSecs } = contract.offer;
    const endsAt = epochEnd(contract, at.epoch);
    const sessions = random.int(1, most);
    return { contract: contract.id, ...at, sessions, flaw, endsAt, epochSecs, issuer: 'issuer' } satisfies TreeSpec;
}
