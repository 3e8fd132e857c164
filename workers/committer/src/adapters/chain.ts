import { type ChainGateway, createCache, failure } from '@ocm/runtime';
import {
    fetchCapacityClaim,
    getCloseCommitmentInstructions,
    getCommitDeliveryInstructions,
    getExpireCommitmentInstructions,
    getResolveSlaInstructions,
    getSettleDeliveryInstructions,
    listContracts,
    listDeliveryCommitments,
    listSlaReports,
} from '@ocm/sdk';
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { CommitterChain, ContractTerms, SendOptions, Sent } from '../ports.js';

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
        listCommitments: (contract) => listDeliveryCommitments(connection, { contract }),
        commitmentExists: async (address) => (await connection.getAccountInfo(address, 'confirmed')) !== null,
        commit: async (input, options) =>
            gateway.sendInstructions({
                instructions: await getCommitDeliveryInstructions({ ...input, authority: hot.publicKey }),
                payer: hot,
                label: 'commit_delivery',
                ...options,
            }),
        settle: async (contract, { address }, options) =>
            crankIt('settle_delivery', await getSettleDeliveryInstructions({ contract, commitment: address }), options),
        resolve: async (contract, { address }, options) => {
            const reports = await listSlaReports(connection, { commitment: address });
            const input = { contract, commitment: address, reports: reports.map((report) => report.address) };
            return crankIt('resolve_sla', await getResolveSlaInstructions(input), options);
        },
        expire: async (contract, { address }, options) =>
            crankIt(
                'expire_commitment',
                await getExpireCommitmentInstructions({ contract, commitment: address }),
                options,
            ),
        close: async (_, commitment, options) =>
            crankIt('close_commitment', await getCloseCommitmentInstructions({ commitment }), options),
    };

    function crankIt(label: string, instructions: TransactionInstruction[], options: SendOptions): Promise<Sent> {
        return gateway.sendInstructions({ instructions, payer: crank, label, ...options });
    }

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
