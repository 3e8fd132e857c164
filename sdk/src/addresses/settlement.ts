import type { PublicKey } from '@solana/web3.js';
import { PROGRAM_IDS } from '../programs/ids.js';
import { findAddress, textSeed, u8Seed, u16Seed, u32Seed, u64Seed } from './seeds.js';

/** The commitment to one epoch's deliveries of one kind: ["commitment", contract, epoch u32, kind u8] of the settlement. */
export function findDeliveryCommitmentAddress(input: {
    contract: PublicKey;
    epoch: number;
    /** 0 receipted unicast, 1 co-signed only, 2 receipted multicast. */
    kind: number;
}): PublicKey {
    const { contract, epoch, kind } = input;
    return findAddress(PROGRAM_IDS.settlement, [
        textSeed('commitment'),
        contract.toBytes(),
        u32Seed('epoch', epoch),
        u8Seed('kind', kind),
    ]);
}

/** A challenge of a commitment by its number: ["challenge", commitment, index u16] of the settlement. */
export function findLeafChallengeAddress(input: { commitment: PublicKey; index: number }): PublicKey {
    const { commitment, index } = input;
    return findAddress(PROGRAM_IDS.settlement, [textSeed('challenge'), commitment.toBytes(), u16Seed('index', index)]);
}

/** An auditor's report on a commitment: ["sla", commitment, auditor] of the settlement. */
export function findSlaReportAddress(input: { commitment: PublicKey; auditor: PublicKey }): PublicKey {
    const { commitment, auditor } = input;
    return findAddress(PROGRAM_IDS.settlement, [textSeed('sla'), commitment.toBytes(), auditor.toBytes()]);
}

/** The address with which the settlement signs its calls to other programs: ["authority"] of the settlement. */
export function findSettlementAuthorityAddress(): PublicKey {
    return findAddress(PROGRAM_IDS.settlement, [textSeed('authority')]);
}

/** A pool of rewards: ["rpool", creator, id u64] of the settlement; `creator` is a participant account. */
export function findRewardPoolAddress(input: { creator: PublicKey; id: bigint }): PublicKey {
    const { creator, id } = input;
    return findAddress(PROGRAM_IDS.settlement, [textSeed('rpool'), creator.toBytes(), u64Seed('id', id)]);
}

/** What a member of a pool has been paid: ["rstat", pool, index u32] of the settlement. */
export function findRewardStatusAddress(input: { pool: PublicKey; index: number }): PublicKey {
    const { pool, index } = input;
    return findAddress(PROGRAM_IDS.settlement, [textSeed('rstat'), pool.toBytes(), u32Seed('index', index)]);
}
