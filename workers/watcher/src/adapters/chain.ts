import { type ChainGateway, createCache, failure } from '@ocm/runtime';
import {
    fetchCapacityClaim,
    fetchContract,
    fetchDeliveryCommitment,
    fetchLeafChallenge,
    fetchNode,
    fetchPartyKeys,
    getChallengeLeafInstructions,
    getCloseChallengeInstructions,
    getFailCommitmentInstructions,
    listContracts,
    listDeliveryCommitments,
    type PartyKey,
} from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import type { WatchedContract, WatcherChain } from '../ports.js';

/** The claims of a contract never change. */
const NODES_TTL_MS = 3_600_000;
const PARTIES_TTL_MS = 60_000;

export type WatcherChainOptions = { gateway: ChainGateway; wallet: Keypair; contracts: readonly PublicKey[] | 'all' };

/** The wallet has no rights: it does what anyone may. */
export function createWatcherChain({ gateway, wallet, contracts }: WatcherChainOptions): WatcherChain {
    const { connection } = gateway;
    const nodes = createCache<readonly PublicKey[]>(NODES_TTL_MS);
    const parties = createCache<readonly PartyKey[]>(PARTIES_TTL_MS);
    const send = async (
        label: string,
        instructions: ReturnType<typeof getChallengeLeafInstructions>,
        signal: AbortSignal,
    ) => gateway.sendInstructions({ instructions: await instructions, payer: wallet, label, signal });
    return {
        challenger: wallet.publicKey,
        clusterTimeSecs: () => gateway.clusterTimeSecs(),
        lamports: async () => BigInt(await connection.getBalance(wallet.publicKey, 'confirmed')),
        async listContracts() {
            if (contracts === 'all') return listContracts(connection);
            const found = await Promise.all(contracts.map((contract) => fetchContract(connection, contract)));
            return found.filter((contract) => contract !== null);
        },
        fetchContract: (contract) => fetchContract(connection, contract),
        fetchNodes: (contract) => nodes(contract.address.toBase58(), () => fetchNodes(contract)),
        isSellerNode: async (contract, node) =>
            (await fetchNode(connection, new PublicKey(node)))?.participant.equals(contract.seller) === true,
        fetchParties: (contract) => parties(contract.address.toBase58(), () => fetchPartyKeys(connection, contract)),
        listCommitments: (contract) => listDeliveryCommitments(connection, { contract }),
        fetchCommitment: (commitment) => fetchDeliveryCommitment(connection, commitment),
        fetchChallenge: (challenge) => fetchLeafChallenge(connection, challenge),
        challenge: (input, signal) =>
            send('challenge_leaf', getChallengeLeafInstructions({ ...input, challenger: wallet.publicKey }), signal),
        fail: (contract, { commitment, address }, signal) =>
            send(
                'fail_commitment',
                getFailCommitmentInstructions({ contract, commitment, challenge: address }),
                signal,
            ),
        collect: (contract, challenge, signal) =>
            send(
                'close_challenge',
                getCloseChallengeInstructions({ payer: wallet.publicKey, contract, challenge }),
                signal,
            ),
    };

    function fetchNodes(contract: WatchedContract): Promise<readonly PublicKey[]> {
        return Promise.all(
            contract.claims.map(async (address) => {
                const claim = await fetchCapacityClaim(connection, address);
                if (claim !== null) return claim.node;
                throw failure(
                    'MKT_WATCHER__CLAIM_MISSING',
                    `capacity claim ${address.toBase58()} of contract ${contract.address.toBase58()} is not on this cluster; check rpcUrl`,
                );
            }),
        );
    }
}
