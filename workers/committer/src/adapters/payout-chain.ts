import { type ChainGateway, failure } from '@ocm/runtime';
import { fetchParticipant, getWithdrawPayoutInstructions } from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import type { PayoutChain } from '../ports.js';

export type PayoutChainOptions = { gateway: ChainGateway; participant: PublicKey; crank: Keypair };

export function createPayoutChain({ gateway, participant, crank }: PayoutChainOptions): PayoutChain {
    return {
        fetchPayees: async () => {
            const account = await fetchParticipant(gateway.connection, participant);
            if (account === null)
                throw failure(
                    'MKT_COMMITTER__PARTICIPANT_MISSING',
                    `participant ${participant.toBase58()} is not on this cluster; check participant and rpcUrl`,
                );
            return [account.owner, account.payout].filter((wallet) => !wallet.equals(PublicKey.default));
        },
        withdraw: async (contract, index, options) =>
            gateway.sendInstructions({
                instructions: await getWithdrawPayoutInstructions({ payer: crank.publicKey, contract, index }),
                payer: crank,
                label: 'withdraw_payout',
                ...options,
            }),
    };
}
