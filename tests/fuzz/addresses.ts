import { createHash } from 'node:crypto';
import {
    findBidAddress,
    findBountyAddress,
    findCapacityClaimAddress,
    findConfigAddress,
    findContractAddress,
    findDeliveryCommitmentAddress,
    findEscrowAddress,
    findLeafChallengeAddress,
    findLotAddress,
    findMarketAuthorityAddress,
    findNodeAddress,
    findOfferAddress,
    findParticipantAddress,
    findPriceHistoryAddress,
    findRewardPoolAddress,
    findRewardStatusAddress,
    findSettlementAuthorityAddress,
    findSlaReportAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
    findVaultAddress,
    PROGRAM_IDS,
    type ProgramName,
} from '@ocm/sdk';
import { ASSOCIATED_TOKEN_PROGRAM_ID, TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import {
    Ed25519Program,
    Keypair,
    type PublicKey,
    SYSVAR_INSTRUCTIONS_PUBKEY,
    SYSVAR_SLOT_HASHES_PUBKEY,
    SystemProgram,
} from '@solana/web3.js';
import { findEventAuthorityAddress } from '../../sdk/src/addresses/programs.js';

/** An address with the name under which scripts know it, such as `vault:c0:s1:3`. */
export interface Address {
    readonly name: string;
    readonly key: PublicKey;
    readonly bytes: Uint8Array;
}

/** Where every lot and bounty asks for capacity. */
export const LOT_FOOTPRINT = { kind: 'ipv4cidr', value: '192.0.2.0/25' } as const;

export type TokenProgram = 'token' | 'token2022';

const knownOf: Readonly<Record<TokenProgram, Map<string, Address>>> = { token: new Map(), token2022: new Map() };
let known = knownOf.token;

/** The program of the marketplace's mint from here on: token accounts lie elsewhere under each. */
export function selectTokenProgram(program: TokenProgram): void {
    known = knownOf[program];
}

export const usedTokenProgram = (): TokenProgram => (known === knownOf.token ? 'token' : 'token2022');
const tokenProgramId = () => (known === knownOf.token ? TOKEN_PROGRAM_ID : TOKEN_2022_PROGRAM_ID);

const seeds = new Map<string, Uint8Array>();

/** The secret seed of a named key; one object for each. */
export function seedOf(name: string): Uint8Array {
    const seed = seeds.get(name) ?? new Uint8Array(createHash('sha256').update(`fuzz ${name}`).digest());
    seeds.set(name, seed);
    return seed;
}

/** The key of a named wallet. */
export const walletOf = (name: string): Keypair => Keypair.fromSeed(seedOf(name));

const wallet = (name: string) => walletOf(name).publicKey;
const key = (name: string) => at(name).key;

const tokenAccount = (owner: PublicKey, mint: string) =>
    findTokenAccountAddress({ owner, mint: key(mint), tokenProgram: tokenProgramId() });

/** How each kind of name is derived from what follows it. */
const FINDERS: Readonly<Record<string, (...rest: string[]) => PublicKey>> = {
    wallet: (name) => wallet(name!),
    mint: (name) => wallet(`mint ${name}`),
    tokens: (name, mint = 'paid') => tokenAccount(wallet(name!), `mint:${mint}`),
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
    challenge: (...rest) => {
        const index = Number(rest.pop());
        return findLeafChallengeAddress({ commitment: key(`commitment:${rest.join(':')}`), index });
    },
    report: (...rest) => {
        const auditor = key(`participant:${rest.pop()}`);
        return findSlaReportAddress({ commitment: key(`commitment:${rest.join(':')}`), auditor });
    },
    pool: (creator, id) => findRewardPoolAddress({ creator: key(`participant:${creator}`), id: BigInt(id!) }),
    poolVault: (...pool) => tokenAccount(key(`pool:${pool.join(':')}`), 'mint:paid'),
    status: (creator, id, index) =>
        findRewardStatusAddress({ pool: key(`pool:${creator}:${id}`), index: Number(index) }),
    lot: (buyer, nonce) => findLotAddress({ contentProvider: key(`participant:${buyer}`), nonce: BigInt(nonce!) }),
    lotVault: (...lot) => findEscrowAddress({ holder: key(`lot:${lot.join(':')}`) }),
    bid: (buyer, nonce, bidder) =>
        findBidAddress({ lot: key(`lot:${buyer}:${nonce}`), bidder: key(`participant:${bidder}`) }),
    bounty: (buyer, nonce) =>
        findBountyAddress({ contentProvider: key(`participant:${buyer}`), nonce: BigInt(nonce!) }),
    bountyVault: (...bounty) => findEscrowAddress({ holder: key(`bounty:${bounty.join(':')}`) }),
    prices: () =>
        findPriceHistoryAddress({
            footprint: LOT_FOOTPRINT,
            deliveryMethods: ['unicast', 'multicast'],
            mint: key('mint:paid'),
        }),
    slotHashes: () => SYSVAR_SLOT_HASHES_PUBKEY,
    instructions: () => SYSVAR_INSTRUCTIONS_PUBKEY,
    ed25519: () => Ed25519Program.programId,
    program: (name) => PROGRAM_IDS[name as ProgramName],
    events: (name) => findEventAuthorityAddress(PROGRAM_IDS[name as ProgramName]),
    config: () => findConfigAddress(),
    stakeVault: () => findStakeVaultAddress({ mint: key('mint:paid') }),
    stakeAuthority: () => findStakeAuthorityAddress(),
    marketAuthority: () => findMarketAuthorityAddress(),
    settlementAuthority: () => findSettlementAuthorityAddress(),
    system: () => SystemProgram.programId,
    tokenProgram: tokenProgramId,
    splToken: () => TOKEN_PROGRAM_ID,
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
