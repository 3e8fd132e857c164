import { PublicKey } from '@solana/web3.js';
import { findAddress, textSeed } from './seeds.js';

/** Owner of every program that can be upgraded (BPF loader v3). */
const UPGRADEABLE_LOADER_ID = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');

/** The account that holds an upgradeable program's code and names its upgrade authority. */
export function findProgramDataAddress(programId: PublicKey): PublicKey {
    return findAddress(UPGRADEABLE_LOADER_ID, [programId.toBytes()]);
}

/** The address with which a program signs the events that it writes to itself (Anchor `emit_cpi!`). */
export function findEventAuthorityAddress(programId: PublicKey): PublicKey {
    return findAddress(programId, [textSeed('__event_authority')]);
}
