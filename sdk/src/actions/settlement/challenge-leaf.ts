import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { DeliveryCommitment } from '../../accounts/delivery-commitment.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findLeafChallengeAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertU64 } from '../checks.js';
import { marketBookAccounts } from './program-calls.js';

/** What `getChallengeLeafInstructions` needs. */
export interface ChallengeLeafInput {
    /** Pays rent and bond. Signs. */
    readonly challenger: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'contentProvider' | 'mint' | 'vault' | 'tokenProgram'>;
    readonly commitment: Pick<WithAddress<DeliveryCommitment>, 'address' | 'challengeCount'>;
    /** A byte of the commitment, below its `totalBytes`. */
    readonly target: bigint;
    /** The content provider's first two challenges of a commitment: no token account is needed. */
    readonly isFree?: boolean;
}

/**
 * Demands proof of the leaf that covers one byte of a commitment, for a bond of `contract.challengeBond`. The challenge is
 * `findLeafChallengeAddress({ commitment, index: commitment.challengeCount })`; read the commitment right before.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a target that is no u64.
 * @example const instructions = await getChallengeLeafInstructions({ challenger, contract, commitment, target: 17n });
 */
export async function getChallengeLeafInstructions(input: ChallengeLeafInput): Promise<TransactionInstruction[]> {
    const { challenger, contract, commitment, target, isFree = false } = input;
    const { mint, tokenProgram } = contract;
    assertU64('target', target);
    const accounts = {
        challenger,
        contentProvider: contract.contentProvider,
        contract: contract.address,
        commitment: commitment.address,
        challenge: findLeafChallengeAddress({ commitment: commitment.address, index: commitment.challengeCount }),
        mint,
        vault: contract.vault,
        challengerTokenAccount: isFree ? null : findTokenAccountAddress({ owner: challenger, mint, tokenProgram }),
        tokenProgram,
        ...marketBookAccounts(),
    };
    return [buildInstruction('settlement', 'challengeLeaf', accounts, { target })];
}
