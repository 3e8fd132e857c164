import type { TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { type ClaimWithNode, pairAccounts } from './claim-pairs.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getBeginClosingInstructions` needs. */
export interface BeginClosingInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'contentProvider' | 'seller' | 'offer' | 'claims'>;
    /** The contract's claims, in its order (`fetchClaims`). */
    readonly claims: readonly ClaimWithNode[];
}

/**
 * Frees the capacity of a contract whose last epoch has ended; what was delivered is still settled. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the claims are not those of the contract.
 * @example
 * const instructions = await getBeginClosingInstructions({ contract, claims: await fetchClaims(connection, contract.claims) });
 */
export async function getBeginClosingInstructions(input: BeginClosingInput): Promise<TransactionInstruction[]> {
    const { contract, claims } = input;
    const accounts = {
        contentProvider: contract.contentProvider,
        seller: contract.seller,
        contract: contract.address,
        offer: contract.offer,
        ...registryCallAccounts(),
    };
    return [buildInstruction('market', 'beginClosing', accounts, {}, pairAccounts(contract.claims, claims))];
}
