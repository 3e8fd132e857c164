import type { PublicKey } from '@solana/web3.js';
import { PROGRAM_IDS } from '../programs/ids.js';
import { findAddress, textSeed, u32Seed } from './seeds.js';

/** The marketplace's configuration: ["config"] of the registry. */
export function findConfigAddress(): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('config')]);
}

/** The participant account of an owner wallet: ["part", owner] of the registry. */
export function findParticipantAddress({ owner }: { owner: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('part'), owner.toBytes()]);
}

/** The token account that holds all stake of one mint: ["stake", mint] of the registry. */
export function findStakeVaultAddress({ mint }: { mint: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('stake'), mint.toBytes()]);
}

/** The authority of every stake vault: ["stake_auth"] of the registry. */
export function findStakeAuthorityAddress(): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('stake_auth')]);
}

/** A participant's node by its index (u32): ["node", participant, index] of the registry. */
export function findNodeAddress({ participant, index }: { participant: PublicKey; index: number }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('node'), participant.toBytes(), u32Seed('index', index)]);
}

/** The list of BEACONs: ["breg"] of the registry. */
export function findBeaconRegistryAddress(): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('breg')]);
}

/** A page of the list of BEACONs (u32): ["bpage", page] of the registry. */
export function findBeaconPageAddress({ page }: { page: number }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('bpage'), u32Seed('page', page)]);
}

/** The account of a BEACON's key: ["beacon", key] of the registry. */
export function findBeaconAddress({ beaconKey }: { beaconKey: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('beacon'), beaconKey.toBytes()]);
}

/** A creator's pool by its index (u32): ["pool", creator, index] of the registry. */
export function findPoolAddress({ creator, index }: { creator: PublicKey; index: number }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('pool'), creator.toBytes(), u32Seed('index', index)]);
}

/** An operator's terms for one network: ["terms", participant, asn] of the registry. */
export function findOperatorTermsAddress({ participant, asn }: { participant: PublicKey; asn: number }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('terms'), participant.toBytes(), u32Seed('asn', asn)]);
}

/** An operator's consent to a node: ["consent", node, participant] of the registry. */
export function findNodeConsentAddress({ node, participant }: { node: PublicKey; participant: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('consent'), node.toBytes(), participant.toBytes()]);
}

/** The mint of a node's licence, a token that cannot be transferred: ["licence", node] of the registry. */
export function findLicenceAddress({ node }: { node: PublicKey }): PublicKey {
    return findAddress(PROGRAM_IDS.registry, [textSeed('licence'), node.toBytes()]);
}
