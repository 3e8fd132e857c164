import type { PublicKey } from '@solana/web3.js';
import { PROGRAM_IDS } from '../programs/ids.js';
import { findAddress, textSeed, u8Seed, u32Seed, u64Seed } from './seeds.js';

/** A board by its creator and id (u32): ["board", creator, id] of the governance program. */
export function findBoardAddress({ creator, id }: { creator: PublicKey; id: number }): PublicKey {
    return findAddress(PROGRAM_IDS.governance, [textSeed('board'), creator.toBytes(), u32Seed('id', id)]);
}

/** The address that signs what a board has decided: ["board_vault", board] of the governance program. */
export function findBoardVaultAddress({ board }: { board: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.governance, [textSeed('board_vault'), board.toBytes()]);
}

/** A board's proposal by its number (u64): ["proposal", board, number] of the governance program. */
export function findProposalAddress({ board, number }: { board: PublicKey; number: bigint }): PublicKey {
    return findAddress(PROGRAM_IDS.governance, [textSeed('proposal'), board.toBytes(), u64Seed('number', number)]);
}

/** A proposal's instruction by its index (u8): ["instruction", proposal, index] of the governance program. */
export function findProposalInstructionAddress({ proposal, index }: { proposal: PublicKey; index: number }): PublicKey {
    return findAddress(PROGRAM_IDS.governance, [textSeed('instruction'), proposal.toBytes(), u8Seed('index', index)]);
}
