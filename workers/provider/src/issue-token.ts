import { randomBytes } from 'node:crypto';
import { failure } from '@ocm/runtime';
import { computeEpochBounds, findIssuerInForce } from '@ocm/sdk';
import { computeMaxEpochBytes, encodeToken, fromBase64, sign, toBase64 } from '@ocm/sdk/core';
import type { TokenRequest, TokenResponse } from '@ocm/sdk/http';
import { type Keypair, PublicKey } from '@solana/web3.js';
import type { Ledger } from './ledger.js';
import type { ContractTerms, ProviderChain } from './ports.js';

/** A token is valid a little before it is issued: the clocks of node and cluster are not one. */
const CLOCK_SKEW_SECS = 60;
const SECRET_SEED_BYTES = 32;

export type IssueTokenDeps = {
    chain: Pick<ProviderChain, 'clusterTag' | 'clusterTimeSecs' | 'fetchContract' | 'fetchNodes' | 'fetchTokenLimits'>;
    ledger: Ledger;
    contracts: readonly PublicKey[];
    issuer: Keypair;
    clientGroups: { next(nowSecs: number): number };
};

/**
 * A token for one session with one node, in the epoch that runs by the cluster's clock (protocol 6.4). It is journaled
 * before it is handed out: this worker co-signs only what it can remember having issued.
 * @throws MKT_PROVIDER__NODE_UNKNOWN, _CONTRACT_NOT_ACTIVE, _EPOCH_NOT_RUNNING, _ISSUER_NOT_IN_FORCE
 */
export async function issueToken(deps: IssueTokenDeps, request: TokenRequest): Promise<TokenResponse> {
    const { chain, ledger, issuer, clientGroups } = deps;
    const node = parseNode(request.node);
    const nowSecs = await chain.clusterTimeSecs();
    const { contract, epoch } = await findSellingContract(deps, node, nowSecs);
    const [clusterTag, { maxTokenBytes, tokenGraceSecs }] = await Promise.all([
        chain.clusterTag(),
        chain.fetchTokenLimits(),
    ]);
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const token = encodeToken({
        contract: contract.address.toBytes(),
        clusterTag,
        epoch,
        tokenId: Uint8Array.from(randomBytes(16)),
        node: node.toBytes(),
        clientPublicKey: fromBase64(request.clientPublicKey),
        maxBytes: smaller(maxTokenBytes, computeMaxEpochBytes(contract)),
        notBeforeSecs: Math.max(Number(beginsAt), nowSecs - CLOCK_SKEW_SECS),
        notAfterSecs: Number(endsAt) + tokenGraceSecs,
        clientGroup: clientGroups.next(nowSecs),
        flags: 0,
    });
    const signature = sign(issuer.secretKey.subarray(0, SECRET_SEED_BYTES), token);
    await ledger.addToken(token);
    return {
        token: toBase64(token),
        tokenSignature: toBase64(signature),
        contract: contract.address.toBase58(),
        epoch,
    };
}

function parseNode(text: string): PublicKey {
    try {
        return new PublicKey(text);
    } catch {
        throw nodeUnknown(text);
    }
}

function nodeUnknown(node: string): Error {
    return failure(
        'MKT_PROVIDER__NODE_UNKNOWN',
        `node ${node} sells no capacity to this content provider; ask the router again`,
    );
}

/** The first contract that covers the node and can take a session now; else the reason of the last one that could not. */
async function findSellingContract(
    { chain, contracts, issuer }: IssueTokenDeps,
    node: PublicKey,
    nowSecs: number,
): Promise<{ contract: ContractTerms; epoch: number }> {
    let refusal = nodeUnknown(node.toBase58());
    for (const address of contracts) {
        const contract = await chain.fetchContract(address);
        if (contract === null) continue;
        const nodes = await chain.fetchNodes(contract);
        if (!nodes.some((candidate) => candidate.equals(node))) continue;
        const epoch = computeEpoch(contract, nowSecs);
        const problem = findObstacle(contract, epoch, issuer.publicKey);
        if (problem === null) return { contract, epoch };
        refusal = problem;
    }
    throw refusal;
}

function findObstacle(contract: ContractTerms, epoch: number, issuer: PublicKey): Error | null {
    const name = `contract ${contract.address.toBase58()}`;
    if (contract.state !== 'active') {
        const remedy =
            contract.state === 'proposed' || contract.state === 'underfunded'
                ? 'fund its escrow up to the reserve'
                : 'buy anew';
        return failure(
            'MKT_PROVIDER__CONTRACT_NOT_ACTIVE',
            `${name} is ${contract.state}, no tokens are issued for it; ${remedy}`,
        );
    }
    if (epoch < 0)
        return failure(
            'MKT_PROVIDER__EPOCH_NOT_RUNNING',
            `${name} begins at ${contract.genesisAt} (unix seconds); try again then`,
        );
    if (epoch >= contract.epochCount)
        return failure(
            'MKT_PROVIDER__EPOCH_NOT_RUNNING',
            `${name} ended after ${contract.epochCount} epochs; buy anew`,
        );
    if (findIssuerInForce(contract, epoch)?.equals(issuer) !== true)
        return failure(
            'MKT_PROVIDER__ISSUER_NOT_IN_FORCE',
            `${name} does not take tokens of issuer ${issuer.toBase58()} in epoch ${epoch}; rotate_issuer to it, or configure the key in force`,
        );
    return null;
}

/** Negative before the contract begins. */
function computeEpoch({ genesisAt, epochLengthSecs }: ContractTerms, nowSecs: number): number {
    return Math.floor((nowSecs - Number(genesisAt)) / epochLengthSecs);
}

function smaller(left: bigint, right: bigint): bigint {
    if (left < right) return left;
    return right;
}
