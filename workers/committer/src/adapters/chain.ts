import { type ChainGateway, createCache, failure } from '@ocm/runtime';
import {
    type DeliveryCommitment,
    fetchCapacityClaim,
    getCloseCommitmentInstructions,
    getCommitDeliveryInstructions,
    getExpireCommitmentInstructions,
    getSettleDeliveryInstructions,
    listContracts,
    listDeliveryCommitments,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import type { Commitment, CommitterChain, ContractTerms } from '../ports.js';

const PAYABLE_STATES: readonly string[] = ['cosignedFinal', 'final'];
const OVER_STATES: readonly string[] = ['settled', 'failed', 'expired'];
/** The claims of a contract never change. */
const NODES_TTL_MS = 3_600_000;

/** `hot` commits in the seller's name; `crank` has no rights and pays for what anyone may do. */
export type CommitterChainOptions = { gateway: ChainGateway; participant: PublicKey; hot: Keypair; crank: Keypair };

export function createCommitterChain({ gateway, participant, hot, crank }: CommitterChainOptions): CommitterChain {
    const { connection } = gateway;
    const nodes = createCache<readonly PublicKey[]>(NODES_TTL_MS);
    return {
        clusterTag: () => gateway.clusterTag(),
        clusterTimeSecs: () => gateway.clusterTimeSecs(),
        listContracts: () => listContracts(connection, { seller: participant }),
        fetchNodes: (contract) => nodes(contract.address.toBase58(), () => fetchNodes(contract)),
        listCommitments: async (contract) =>
            (await listDeliveryCommitments(connection, { contract })).map(toCommitment),
        commitmentExists: async (address) => (await connection.getAccountInfo(address, 'confirmed')) !== null,
        commit: async (input, signal) =>
            gateway.sendInstructions({
                instructions: await getCommitDeliveryInstructions({ ...input, authority: hot.publicKey }),
                payer: hot,
                label: 'commit_delivery',
                signal,
            }),
        settle: async (contract, { address }, signal) =>
            gateway.sendInstructions({
                instructions: await getSettleDeliveryInstructions({ contract, commitment: address }),
                payer: crank,
                label: 'settle_delivery',
                signal,
            }),
        expire: async (contract, { address }, signal) =>
            gateway.sendInstructions({
                instructions: await getExpireCommitmentInstructions({ contract, commitment: address }),
                payer: crank,
                label: 'expire_commitment',
                signal,
            }),
        close: async (_, commitment, signal) =>
            gateway.sendInstructions({
                instructions: await getCloseCommitmentInstructions({ commitment }),
                payer: crank,
                label: 'close_commitment',
                signal,
            }),
    };

    function fetchNodes(contract: ContractTerms): Promise<readonly PublicKey[]> {
        return Promise.all(
            contract.claims.map(async (address) => {
                const claim = await fetchCapacityClaim(connection, address);
                if (claim !== null) return claim.node;
                throw failure(
                    'MKT_COMMITTER__CLAIM_MISSING',
                    `capacity claim ${address.toBase58()} of contract ${contract.address.toBase58()} is not on this cluster; check rpcUrl`,
                );
            }),
        );
    }
}

function toCommitment(commitment: WithAddress<DeliveryCommitment>): Commitment {
    const { address, contract, epoch, kind, state, deadline, closableAt, rentPayer } = commitment;
    const phase = PAYABLE_STATES.includes(state) ? 'payable' : OVER_STATES.includes(state) ? 'over' : 'open';
    return { address, contract, epoch, kind, phase, deadline, closableAt, rentPayer };
}
