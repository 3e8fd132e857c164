import { createHash } from 'node:crypto';
import {
    findCapacityClaimAddress,
    findConfigAddress,
    findContractAddress,
    findDeliveryCommitmentAddress,
    findMarketAuthorityAddress,
    findNodeAddress,
    findOfferAddress,
    findParticipantAddress,
    findSettlementAuthorityAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
    findVaultAddress,
    PROGRAM_IDS,
    type ProgramName,
} from '@ocm/sdk';
import { ASSOCIATED_TOKEN_PROGRAM_ID, TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, type PublicKey, SystemProgram } from '@solana/web3.js';
import { findEventAuthorityAddress } from '../../sdk/src/addresses/programs.js';

/** An address with the name under which scripts know it, such as `vault:c0:s1:3`. */
export interface Address {
    readonly name: string;
    readonly key: PublicKey;
    readonly bytes: Uint8Array;
}

const known = new Map<string, Address>();

/** The key of a named wallet. */
export function walletOf(name: string): Keypair {
    return Keypair.fromSeed(createHash('sha256').update(`fuzz ${name}`).digest());
}

const wallet = (name: string) => walletOf(name).publicKey;
const key = (name: string) => at(name).key;

/** How each kind of name is derived from what follows it. */
const FINDERS: Readonly<Record<string, (...rest: string[]) => PublicKey>> = {
    wallet: (name) => wallet(name!),
    mint: (name) => wallet(`mint ${name}`),
    tokens: (name, mint = 'paid') => findTokenAccountAddress({ owner: wallet(name!), mint: key(`mint:${mint}`) }),
    participant: (name) => findParticipantAddress({ owner: wallet(name!) }),
    node: (name) => findNodeAddress({ participant: key(`participant:${name}`), index: 0 }),
    claim: (name, index) => findCapacityClaimAddress({ node: key(`node:${name}`), index: Number(index) }),
    offer: (name, index) => findOfferAddress({ participant: key(`participant:${name}`), index: Number(index) }),
    contract: (buyer, seller, nonce) =>
        findContractAddress({
            contentProvider: key(`participant:${buyer}`),
            seller: key(`participant:${seller}`),
            nonce: BigInt(nonce!),
        }),
    vault: (...contract) => findVaultAddress({ contract: key(`contract:${contract.join(':')}`) }),
    commitment: (...rest) => {
        const [kind, epoch] = [Number(rest.pop()), Number(rest.pop())];
        return findDeliveryCommitmentAddress({ contract: key(`contract:${rest.join(':')}`), epoch, kind });
    },
    program: (name) => PROGRAM_IDS[name as ProgramName],
    events: (name) => findEventAuthorityAddress(PROGRAM_IDS[name as ProgramName]),
    config: () => findConfigAddress(),
    stakeVault: () => findStakeVaultAddress({ mint: key('mint:paid') }),
    stakeAuthority: () => findStakeAuthorityAddress(),
    marketAuthority: () => findMarketAuthorityAddress(),
    settlementAuthority: () => findSettlementAuthorityAddress(),
    system: () => SystemProgram.programId,
    tokenProgram: () => TOKEN_PROGRAM_ID,
    token2022: () => TOKEN_2022_PROGRAM_ID,
    associatedToken: () => ASSOCIATED_TOKEN_PROGRAM_ID,
};

/** The address of a name; derived once. */
export function at(name: string): Address {
    const found = known.get(name);
    if (found) return found;
    const [kind = '', ...rest] = name.split(':');
    const finder = FINDERS[kind];
    if (!finder) throw new Error(`no address is called ${name}`);
    const derived = finder(...rest);
    const address = { name, key: derived, bytes: derived.toBytes() };
    known.set(name, address);
    return address;
}
