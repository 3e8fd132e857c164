import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Bounty } from '../../accounts/bounty.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findParticipantAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import type { ClaimWithNode } from './claim-pairs.js';

/** What `getClaimBountyInstructions` needs. */
export interface ClaimBountyInput {
    /** The seller's cold key, whose associated token account is paid. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent of that token account where there is none; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly bounty: Pick<WithAddress<Bounty>, 'address' | 'mint' | 'tokenProgram' | 'vault' | 'contractRequired'>;
    readonly claim: ClaimWithNode;
    /** The active contract on the claim, where the bounty asks for one. */
    readonly contract?: PublicKey;
}

/**
 * Claims a bounty's reward for a capacity claim that it asks for.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the bounty asks for a contract and none is given.
 * @example const instructions = await getClaimBountyInstructions({ owner, bounty, claim });
 */
export async function getClaimBountyInstructions(input: ClaimBountyInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, bounty, claim, contract } = input;
    if (bounty.contractRequired && contract === undefined) {
        throw argumentError('contract', 'the active contract on the claim, which this bounty asks for');
    }
    const { mint, tokenProgram } = bounty;
    const accounts = {
        payer,
        owner,
        seller: findParticipantAddress({ owner }),
        capacityClaim: claim.address,
        node: claim.node,
        bounty: bounty.address,
        mint,
        vault: bounty.vault,
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    const remaining = contract === undefined ? [] : [{ pubkey: contract, isSigner: false, isWritable: false }];
    return [buildInstruction('market', 'claimBounty', accounts, {}, remaining)];
}
