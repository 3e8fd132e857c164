import { type ChainGateway, createCache, failure } from '@ocm/runtime';
import {
    type DeliveryCommitment,
    fetchCapacityClaim,
    fetchConfig,
    fetchContract,
    getCosignDeliveryInstructions,
    listDeliveryCommitments,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import type { Commitment, ContractTerms, ProviderChain, TokenLimits } from '../ports.js';

/** Escrow may run dry at any time; a token issued this much later is within what the cap allows. */
const CONTRACT_TTL_MS = 2_000;
const CLOCK_TTL_MS = 500;
/** Parameters change only after a public delay of days. */
const PARAMS_TTL_MS = 60_000;
/** The claims of a contract never change. */
const NODES_TTL_MS = 3_600_000;

const OPEN_STATES: readonly string[] = ['committed', 'seeded', 'proven'];
const COSIGNED_STATES: readonly string[] = ['cosignedFinal', 'final'];

/** What is read of the chain, without a key that signs: all that issuing tokens needs. */
export function createReadingChain(gateway: ChainGateway): Omit<ProviderChain, 'cosign'> {
    const { connection } = gateway;
    const contracts = createCache<ContractTerms | null>(CONTRACT_TTL_MS);
    const clock = createCache<number>(CLOCK_TTL_MS);
    const limits = createCache<TokenLimits>(PARAMS_TTL_MS);
    const nodes = createCache<readonly PublicKey[]>(NODES_TTL_MS);
    return {
        clusterTag: () => gateway.clusterTag(),
        clusterTimeSecs: () => clock('now', () => gateway.clusterTimeSecs()),
        fetchContract: (contract) => contracts(contract.toBase58(), () => fetchContract(connection, contract)),
        fetchNodes: (contract) =>
            nodes(contract.address.toBase58(), () =>
                Promise.all(
                    contract.claims.map(async (address) => {
                        const claim = await fetchCapacityClaim(connection, address);
                        if (claim !== null) return claim.node;
                        throw failure(
                            'MKT_PROVIDER__CLAIM_MISSING',
                            `capacity claim ${address.toBase58()} of contract ${contract.address.toBase58()} is not on this cluster; check rpcUrl`,
                        );
                    }),
                ),
            ),
        fetchTokenLimits: () =>
            limits('params', async () => {
                const config = await fetchConfig(connection);
                if (config === null)
                    throw failure(
                        'MKT_PROVIDER__CLUSTER_EMPTY',
                        'the marketplace is not initialised on this cluster; run the migrations',
                    );
                const { maxTokenBytes, tokenGraceSecs } = config.params;
                return { maxTokenBytes, tokenGraceSecs };
            }),
        listCommitments: async (contract) =>
            (await listDeliveryCommitments(connection, { contract })).map(toCommitment),
    };
}

export function createProviderChain({ gateway, signer }: { gateway: ChainGateway; signer: Keypair }): ProviderChain {
    return {
        ...createReadingChain(gateway),
        cosign: async (commitment, contract, signal) =>
            gateway.sendInstructions({
                instructions: await getCosignDeliveryInstructions({
                    authority: signer.publicKey,
                    contract,
                    commitment: commitment.address,
                }),
                payer: signer,
                label: 'cosign_delivery',
                signal,
            }),
    };
}

function toCommitment(commitment: WithAddress<DeliveryCommitment>): Commitment {
    const { address, contract, epoch, kind, root, depth, leafCount, totalBytes, manifestHash, state } = commitment;
    // What the seller has proved is settled without us.
    const isSettledByUs = state === 'settled' && commitment.slaSource === 'cosigned';
    return {
        address,
        contract,
        epoch,
        kind,
        root,
        depth,
        leafCount,
        totalBytes,
        manifestHash,
        awaitsCosignature: OPEN_STATES.includes(state),
        isCosigned: isSettledByUs || COSIGNED_STATES.includes(state),
    };
}
