import type { ChainGateway } from '@ocm/runtime';
import {
    getAnswerChallengeEvidenceInstructions,
    getAnswerChallengeInclusionInstructions,
    getCloseChallengeInstructions,
    getProveEvidenceInstructions,
    getProveInclusionInstructions,
    getRearmSeedInstructions,
    getSeedCommitmentInstructions,
    listLeafChallenges,
} from '@ocm/sdk';
import { findSeedSlot, isMarketplaceError, parseSlotHashes } from '@ocm/sdk/core';
import { type Keypair, SYSVAR_SLOT_HASHES_PUBKEY, type TransactionInstruction } from '@solana/web3.js';
import type { AnswerChain, ProverChain, SendOptions, Sent, TransactionFinisher } from '../ports.js';

/** `hot` answers in the seller's name and gets bonds; `crank` has no rights and pays for what anyone may do. */
export type ProofChainOptions = { gateway: ChainGateway; hot: Keypair; crank: Keypair };

export function createProverChain({ gateway, crank }: Pick<ProofChainOptions, 'gateway' | 'crank'>): ProverChain {
    const { connection } = gateway;
    const send = (label: string, instructions: TransactionInstruction[], options: SendOptions): Promise<Sent> =>
        gateway.sendInstructions({ instructions, payer: crank, label, ...options });
    return {
        slot: async () => BigInt(await connection.getSlot('confirmed')),
        seedStatus: async (seedTargetSlot) => {
            const account = await connection.getAccountInfo(SYSVAR_SLOT_HASHES_PUBKEY, 'confirmed');
            try {
                findSeedSlot(parseSlotHashes(account?.data ?? new Uint8Array()), seedTargetSlot);
                return 'known';
            } catch (error) {
                if (isMarketplaceError(error, 'MKT_CORE__SEED_SLOT_NOT_REACHED')) return 'notReached';
                if (isMarketplaceError(error, 'MKT_CORE__SEED_SLOT_MISSED')) return 'missed';
                throw error;
            }
        },
        seed: async ({ address }, options) =>
            send('seed_commitment', await getSeedCommitmentInstructions({ commitment: address }), options),
        rearm: async ({ address, contract }, options) => {
            const input = { contract: { address: contract }, commitment: address };
            return send('rearm_seed', await getRearmSeedInstructions(input), options);
        },
        proveInclusion: async ({ address }, index, { inclusion }, options) => {
            const input = { commitment: address, index, proof: inclusion };
            return send('prove_inclusion', await getProveInclusionInstructions(input), options);
        },
        proveEvidence: async ({ address, contract }, index, { inclusion, node, evidence }, options) => {
            const input = { contract: { address: contract }, commitment: address, node, index, evidence };
            const instructions = await getProveEvidenceInstructions({ ...input, leaf: inclusion.leaf });
            return send('prove_evidence', instructions, options);
        },
    };
}

export function createAnswerChain({ gateway, hot, crank }: ProofChainOptions): AnswerChain {
    const { connection } = gateway;
    return {
        answerer: hot.publicKey,
        listChallenges: (contract) => listLeafChallenges(connection, { contract }),
        answerInclusion: async ({ address, commitment }, { inclusion }, options) =>
            gateway.sendInstructions({
                instructions: await getAnswerChallengeInclusionInstructions({
                    commitment,
                    challenge: address,
                    proof: inclusion,
                }),
                payer: hot,
                label: 'answer_challenge_inclusion',
                ...options,
            }),
        answerEvidence: async ({ address, commitment, contract }, { inclusion, node, evidence }, options) =>
            gateway.sendInstructions({
                instructions: await getAnswerChallengeEvidenceInstructions({
                    answerer: hot.publicKey,
                    challenge: address,
                    contract: { address: contract },
                    commitment,
                    node,
                    leaf: inclusion.leaf,
                    evidence,
                }),
                payer: hot,
                label: 'answer_challenge_evidence',
                ...options,
            }),
        closeChallenge: async (contract, challenge, options) =>
            gateway.sendInstructions({
                instructions: await getCloseChallengeInstructions({ payer: crank.publicKey, contract, challenge }),
                payer: crank,
                label: 'close_challenge',
                ...options,
            }),
    };
}

export function createTransactionFinisher(gateway: ChainGateway): TransactionFinisher {
    return { finish: (signed, label, signal) => gateway.resumeTransaction({ signed, label, signal }) };
}
