import type { ChainGateway } from '@ocm/runtime';
import { fetchContract, getRotateIssuerInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import type { ProviderChain } from '../ports.js';
import type { RotationChain } from '../tokens/rotate-issuer.js';

/** Only the content provider's owner may name issuers; `owner` signs and pays. */
export function createRotationChain({
    gateway,
    chain,
    owner,
}: {
    gateway: ChainGateway;
    chain: Pick<ProviderChain, 'listCommitments'>;
    owner: Keypair;
}): RotationChain {
    return {
        clusterTimeSecs: () => gateway.clusterTimeSecs(),
        readContract: (contract) => fetchContract(gateway.connection, contract),
        listCommitments: (contract) => chain.listCommitments(contract),
        rotateIssuer: async (input, signal) =>
            gateway.sendInstructions({
                instructions: await getRotateIssuerInstructions({ contentProviderOwner: owner.publicKey, ...input }),
                payer: owner,
                label: 'rotate_issuer',
                signal,
            }),
    };
}
