import type { ChainGateway } from '@ocm/runtime';
import {
    type Contract,
    fetchCapacityClaim,
    fetchContract,
    fetchOffer,
    findCapacityClaimAddress,
    findContractAddress,
    findOfferAddress,
    findParticipantAddress,
    findVaultAddress,
    getAcceptOfferInstructions,
    getBondContractInstructions,
    getClaimCapacityInstructions,
    getFundContractInstructions,
    getPostOfferInstructions,
    type WithAddress,
} from '@ocm/sdk';
import type { Footprint } from '@ocm/sdk/core';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey } from '@solana/web3.js';
import { COVERED_BY_ASN, COVERED_BY_CIDR } from './addresses.js';
import {
    BOND,
    CAP_KILOBITS_PER_SECOND,
    COMMITTED_KILOBITS_PER_SECOND_PER_CLAIM,
    DEMONSTRATION_SLA,
    DEPOSIT,
    PRICE_PER_GIGABYTE,
    SPLIT_BASIS_POINTS,
} from './contract-terms.js';
import { CLAIMED_KILOBITS_PER_SECOND, type NodeAddresses } from './nodes.js';
import type { Progress } from './progress.js';
import { ONE_TOKEN } from './tokens.js';
import type { Wallets } from './wallets.js';

const YEAR_SECS = 31_536_000n;
/** Between accepting an offer and its first epoch the workers find the contract on chain. */
const GENESIS_LEAD_SECS = 2n;

export type TradeDeps = {
    gateway: ChainGateway;
    progress: Progress;
    wallets: Wallets;
    mint: PublicKey;
    nodes: NodeAddresses;
};

/** RELAY A claims towards a prefix, RELAY B towards an autonomous system. */
export function listClaims(
    nodes: NodeAddresses,
): { address: PublicKey; node: PublicKey; footprint: Footprint; title: string }[] {
    const claim = (node: PublicKey, footprint: Footprint, title: string) => ({
        address: findCapacityClaimAddress({ node, index: 0 }),
        node,
        footprint,
        title,
    });
    return [
        claim(
            nodes['relay-a'],
            { kind: 'ipv4cidr', value: COVERED_BY_CIDR.cidr },
            `RELAY A towards ${COVERED_BY_CIDR.cidr}`,
        ),
        claim(
            nodes['relay-b'],
            { kind: 'asn', value: `as${COVERED_BY_ASN.asn}` },
            `RELAY B towards AS${COVERED_BY_ASN.asn}`,
        ),
    ];
}

export async function ensureClaims({ gateway, progress, wallets, nodes }: TradeDeps): Promise<void> {
    const now = BigInt(await gateway.clusterTimeSecs());
    const instructions = [];
    const titles = [];
    for (const claim of listClaims(nodes)) {
        if (await fetchCapacityClaim(gateway.connection, claim.address)) continue;
        titles.push(claim.title);
        instructions.push(
            ...(await getClaimCapacityInstructions({
                owner: wallets.operator.publicKey,
                node: claim.node,
                index: 0,
                footprint: claim.footprint,
                direction: 'egress',
                kilobitsPerSecond: CLAIMED_KILOBITS_PER_SECOND,
                priceFloorPerGigabyte: ONE_TOKEN,
                validFrom: now,
                validUntil: now + YEAR_SECS,
            })),
        );
    }
    if (instructions.length === 0) return;
    const { signature } = await gateway.sendInstructions({
        label: 'claim capacity',
        payer: wallets.operator,
        instructions,
    });
    progress.step(
        `operator claims ${CLAIMED_KILOBITS_PER_SECOND / 1000n} Mbit/s each: ${titles.join(', ')} (claimed, not verified)`,
        signature,
    );
}

/** One offer per epoch length, so that runs with different epochs find their own. */
export async function ensureOffer(
    { gateway, progress, wallets, nodes }: TradeDeps,
    epochLengthSecs: number,
): Promise<PublicKey> {
    const participant = findParticipantAddress({ owner: wallets.operator.publicKey });
    const offer = findOfferAddress({ participant, index: epochLengthSecs });
    if (await fetchOffer(gateway.connection, offer)) return offer;
    const claims = listClaims(nodes);
    const { signature } = await gateway.sendInstructions({
        label: 'post the offer',
        payer: wallets.operator,
        instructions: await getPostOfferInstructions({
            owner: wallets.operator.publicKey,
            index: epochLengthSecs,
            claims: claims.map(({ address }) => address),
            pricePerGigabyte: PRICE_PER_GIGABYTE,
            commitFeePerEpoch: 0n,
            minKilobitsPerSecond: 1_000n,
            maxKilobitsPerSecond: CLAIMED_KILOBITS_PER_SECOND,
            totalKilobitsPerSecond: CLAIMED_KILOBITS_PER_SECOND * BigInt(claims.length),
            minEpochs: 1,
            epochLengthSecs,
            sla: DEMONSTRATION_SLA,
            splits: [
                { payee: wallets.operator.publicKey, basisPoints: SPLIT_BASIS_POINTS.operator },
                { payee: wallets['cast-operator'].publicKey, basisPoints: SPLIT_BASIS_POINTS.cast },
                { payee: wallets['beacon-pool'].publicKey, basisPoints: SPLIT_BASIS_POINTS.beacons },
            ],
            expiresAt: BigInt(await gateway.clusterTimeSecs()) + YEAR_SECS / 2n,
        }),
    });
    progress.step(
        `operator offers both at ${PRICE_PER_GIGABYTE[0] / ONE_TOKEN} tokens per gigabyte, epochs of ${epochLengthSecs} s`,
        signature,
    );
    return offer;
}

/** The address of a run's contract, known before it exists. */
export function contractAddress(wallets: Wallets, nonce: bigint): PublicKey {
    return findContractAddress({
        contentProvider: findParticipantAddress({ owner: wallets['content-provider'].publicKey }),
        seller: findParticipantAddress({ owner: wallets.operator.publicKey }),
        nonce,
    });
}

/**
 * Accepts the offer and funds the contract in one transaction, unless it stands: there is no moment in which the
 * operator's capacity is bound by a contract without escrow.
 */
export async function ensureContract(
    { gateway, progress, wallets, mint, nodes }: TradeDeps,
    input: { offer: PublicKey; nonce: bigint; epochCount: number },
): Promise<WithAddress<Contract>> {
    const address = contractAddress(wallets, input.nonce);
    const existing = await fetchContract(gateway.connection, address);
    if (existing) return existing;
    const offer = await fetchOffer(gateway.connection, input.offer);
    if (!offer) throw new Error(`the offer ${input.offer.toBase58()} is gone`);
    const claims = listClaims(nodes);
    const owner = wallets['content-provider'].publicKey;
    const accept = await getAcceptOfferInstructions({
        contentProviderOwner: owner,
        offer,
        claims: claims.map(({ address: claim, node }) => ({ address: claim, node })),
        nonce: input.nonce,
        committedKilobitsPerSecond: COMMITTED_KILOBITS_PER_SECOND_PER_CLAIM * BigInt(claims.length),
        capKilobitsPerSecond: CAP_KILOBITS_PER_SECOND,
        claimShares: claims.map(() => COMMITTED_KILOBITS_PER_SECOND_PER_CLAIM),
        epochCount: input.epochCount,
        genesisAt: BigInt(await gateway.clusterTimeSecs()) + GENESIS_LEAD_SECS,
        issuer: wallets.issuer.publicKey,
    });
    const fund = await getFundContractInstructions({
        funder: owner,
        contract: { address, mint, vault: findVaultAddress({ contract: address }), tokenProgram: TOKEN_PROGRAM_ID },
        amount: DEPOSIT,
    });
    const { signature } = await gateway.sendInstructions({
        label: 'accept the offer and fund the contract',
        payer: wallets['content-provider'],
        instructions: [...accept, ...fund],
    });
    progress.step(
        `content provider buys ${(COMMITTED_KILOBITS_PER_SECOND_PER_CLAIM * BigInt(claims.length)) / 1000n} Mbit/s and puts ${DEPOSIT / ONE_TOKEN} tokens in escrow`,
        signature,
    );
    const contract = await fetchContract(gateway.connection, address);
    if (!contract) throw new Error(`the contract ${address.toBase58()} was accepted and cannot be read`);
    return contract;
}

/** Binds the operator's stake to the contract, unless it is bound: commitments lock it until they are settled. */
export async function ensureBond(
    { gateway, progress, wallets }: TradeDeps,
    contract: WithAddress<Contract>,
): Promise<void> {
    const missing = BOND - contract.bondTotal;
    if (missing <= 0n) return;
    const owner = wallets.operator.publicKey;
    const { signature } = await gateway.sendInstructions({
        label: 'bind stake to the contract',
        payer: wallets.operator,
        instructions: await getBondContractInstructions({ owner, contract, amount: missing }),
    });
    progress.step(`operator binds ${missing / ONE_TOKEN} tokens of its stake to the contract`, signature);
}
