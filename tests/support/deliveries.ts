import {
    buildSettlementTree,
    type CommitDeliveryInput,
    type Contract,
    computeEpochBounds,
    type DeliveryCommitment,
    type DeliveryKind,
    emptyRoot,
    fetchDeliveryCommitment,
    findDeliveryCommitmentAddress,
    getCommitDeliveryInstructions,
    getCosignDeliveryInstructions,
    getExpireCommitmentInstructions,
    getSettleDeliveryInstructions,
    getWithdrawPayoutInstructions,
    type Leaf,
    type SlaSummary,
    sha256,
    utf8,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { nowSecs, travelTo } from './cluster.js';
import { readContract, type TestTrade } from './contracts.js';
import { type Sent, send } from './send.js';

export type FundedTrade = TestTrade & { readonly contract: WithAddress<Contract> };

/** Service without any breach of `TEST_SLA`. */
export const GOOD_SERVICE: SlaSummary = {
    availabilityPpm: 999_900,
    errorPpm: 100,
    ttfbP95Ms: 80,
    stallPpm: 50,
    sessions: 12,
};

/** Leaves of one epoch with these byte counts; keys and hashes follow from their places. */
export function testLeaves(byteCounts: readonly bigint[]): Leaf[] {
    return byteCounts.map((bytes, place) => ({
        tokenHash: sha256(utf8(`token ${place}`)),
        bytes,
        objects: place + 1,
        class: 0,
        receiptHash: sha256(utf8(`receipt ${place}`)),
        logRoot: sha256(utf8(`log ${place}`)),
    }));
}

/** Root, depth, leaf count and total of what was delivered; the empty tree of depth 1 for nothing. */
export function commitTree(byteCounts: readonly bigint[]) {
    if (byteCounts.length === 0) return { root: emptyRoot(1), depth: 1, leafCount: 0, totalBytes: 0n };
    const { root, depth, leafCount, totalBytes } = buildSettlementTree(testLeaves(byteCounts));
    return { root, depth, leafCount, totalBytes };
}

/** What `getCommitDeliveryInstructions` gets unless a test says otherwise: 100 MB of receipted unicast in epoch 0. */
export function commitInput({ seller, contract }: FundedTrade, overrides: Partial<CommitDeliveryInput> = {}) {
    return {
        authority: seller.hot.publicKey,
        contract,
        epoch: 0,
        kind: 0,
        ...commitTree([60_000_000n, 40_000_000n]),
        manifestHash: sha256(utf8('manifest')),
        slaSummary: GOOD_SERVICE,
        ...overrides,
    } satisfies CommitDeliveryInput;
}

/** Moves the time to the first second at which an epoch may be committed, unless that has passed. */
export function travelToCommit({ market, contract }: FundedTrade, epoch = 0): void {
    const opensAt = computeEpochBounds(contract, epoch).endsAt + BigInt(contract.commitDelaySecs);
    if (nowSecs(market) < opensAt) travelTo(market, opensAt);
}

/** Where the commitment of an epoch of a contract is. */
export const findTestCommitment = (contract: { address: PublicKey }, epoch = 0, kind: DeliveryKind = 0) => ({
    address: findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind }),
});

/** The commitment as it stands. */
export async function readCommitment(
    { market }: Pick<TestTrade, 'market'>,
    { address }: { address: PublicKey },
): Promise<WithAddress<DeliveryCommitment>> {
    const commitment = await fetchDeliveryCommitment(market.connection, address);
    if (commitment === null) throw new Error(`no commitment at ${address.toBase58()}`);
    return commitment;
}

/** Commits an epoch with the seller's hot key, once its time has come. */
export async function commitDelivery(
    trade: FundedTrade,
    overrides: Partial<CommitDeliveryInput> = {},
): Promise<WithAddress<DeliveryCommitment>> {
    const input = commitInput(trade, overrides);
    travelToCommit(trade, input.epoch);
    await send(trade.market, await getCommitDeliveryInstructions(input), [trade.seller.hot]);
    const { epoch, kind } = input;
    const address = findDeliveryCommitmentAddress({ contract: trade.contract.address, epoch, kind });
    return readCommitment(trade, { address });
}

/** Co-signs with the content provider's hot key. */
export async function cosignDelivery(trade: FundedTrade, commitment: { address: PublicKey }): Promise<Sent> {
    const { market, contract, contentProvider } = trade;
    const authority = contentProvider.hot;
    const input = { authority: authority.publicKey, contract, commitment: commitment.address };
    return send(market, await getCosignDeliveryInstructions(input), [authority]);
}

/** Settles, paid by nobody of the contract. */
export async function settleDelivery(trade: FundedTrade, commitment: { address: PublicKey }): Promise<Sent> {
    const input = { contract: trade.contract, commitment: commitment.address };
    return send(trade.market, await getSettleDeliveryInstructions(input));
}

/** Pays one payee out, cranked by nobody of the contract. */
export async function withdrawPayout(trade: FundedTrade, index: number): Promise<Sent> {
    const payer = trade.market.deployer.publicKey;
    return send(trade.market, await getWithdrawPayoutInstructions({ payer, contract: trade.contract, index }));
}

/** Commits, co-signs and settles one epoch; returns the contract as it stands then. */
export async function deliverEpoch(
    trade: FundedTrade,
    overrides: Partial<CommitDeliveryInput> = {},
): Promise<WithAddress<Contract>> {
    const commitment = await commitDelivery(trade, overrides);
    await cosignDelivery(trade, commitment);
    await settleDelivery(trade, commitment);
    return readContract(trade.market, trade.contract);
}

/** Ends a commitment that nobody accepted in time, cranked by nobody of the contract. */
export async function expireCommitment(trade: FundedTrade, commitment: { address: PublicKey }): Promise<Sent> {
    const input = { contract: trade.contract, commitment: commitment.address };
    return send(trade.market, await getExpireCommitmentInstructions(input));
}
