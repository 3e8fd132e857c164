import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { type ClaimWithNode, pairAccounts } from './claim-pairs.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getCancelContractInstructions` needs. */
export interface CancelContractInput {
    /** Owner of one of the two sides; anyone once the contract's time is over. Signs. */
    readonly authority: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'contentProvider' | 'seller' | 'offer' | 'claims'>;
    /** The contract's claims, in its order (`fetchClaims`). */
    readonly claims: readonly ClaimWithNode[];
}

/**
 * Ends a contract that was never funded and frees its capacity; `getRefundContentProviderInstructions` returns what its
 * vault holds.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the claims are not those of the contract.
 * @example
 * const instructions = await getCancelContractInstructions({ authority, contract,
 *     claims: await fetchClaims(connection, contract.claims) });
 */
export async function getCancelContractInstructions(input: CancelContractInput): Promise<TransactionInstruction[]> {
    const { authority, contract, claims } = input;
    const accounts = {
        authority,
        contentProvider: contract.contentProvider,
        seller: contract.seller,
        contract: contract.address,
        offer: contract.offer,
        ...registryCallAccounts(),
    };
    return [buildInstruction('market', 'cancelContract', accounts, {}, pairAccounts(contract.claims, claims))];
}
