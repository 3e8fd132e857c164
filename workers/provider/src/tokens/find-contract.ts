import { failure } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import type { ContractTerms, ProviderChain } from '../ports.js';
import { findRunningEpoch } from './check-issuers.js';
import type { IssuerKeys } from './keyring.js';

type Deps = {
    chain: Pick<ProviderChain, 'fetchContract' | 'fetchNodes'>;
    contracts: readonly PublicKey[];
    keys: IssuerKeys;
};
export type SellingContract = { contract: ContractTerms; epoch: number; issuer: Keypair };

/** @throws MKT_PROVIDER__NODE_UNKNOWN */
export function parseNode(text: string): PublicKey {
    try {
        return new PublicKey(text);
    } catch {
        throw nodeUnknown(text);
    }
}

/**
 * The first contract that covers the node and can take a session now, with the key in force; else the reason of the last
 * one that could not.
 * @throws MKT_PROVIDER__NODE_UNKNOWN, _CONTRACT_NOT_ACTIVE, _EPOCH_NOT_RUNNING, _ISSUER_NOT_IN_FORCE
 */
export async function findSellingContract(
    { chain, contracts, keys }: Deps,
    node: PublicKey,
    nowSecs: number,
): Promise<SellingContract> {
    let refusal = nodeUnknown(node.toBase58());
    for (const address of contracts) {
        const contract = await chain.fetchContract(address);
        if (contract === null) continue;
        const nodes = await chain.fetchNodes(contract);
        if (!nodes.some((candidate) => candidate.equals(node))) continue;
        const epoch = findRunningEpoch(contract, nowSecs);
        const found = judge(contract, epoch, keys);
        if (!(found instanceof Error)) return { contract, epoch, issuer: found };
        refusal = found;
    }
    throw refusal;
}

function judge(contract: ContractTerms, epoch: number, keys: IssuerKeys): Keypair | Error {
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
    const inForce = findIssuerInForce(contract, epoch);
    const issuer = inForce === null ? undefined : keys.find(inForce);
    if (issuer !== undefined) return issuer;
    return failure(
        'MKT_PROVIDER__ISSUER_NOT_IN_FORCE',
        `${name} takes tokens of issuer ${inForce?.toBase58() ?? 'nobody'} in epoch ${epoch}, whose key is not held here; name its file in issuerKeypairPaths, or rotate to a key that is`,
    );
}

function nodeUnknown(node: string): Error {
    return failure(
        'MKT_PROVIDER__NODE_UNKNOWN',
        `node ${node} sells no capacity to this content provider; ask the router again`,
    );
}
