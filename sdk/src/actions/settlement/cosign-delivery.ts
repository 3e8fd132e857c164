import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCosignDeliveryInstructions` needs. */
export interface CosignDeliveryInput {
    /** The content provider's owner, or its hot key with the scope `cosign`. Signs. */
    readonly authority: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'contentProvider'>;
    readonly commitment: PublicKey;
}

/**
 * Accepts a commitment's figures as they stand on chain; it can then be settled.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCosignDeliveryInstructions({ authority: hot.publicKey, contract, commitment });
 */
export async function getCosignDeliveryInstructions(input: CosignDeliveryInput): Promise<TransactionInstruction[]> {
    const { authority, contract, commitment } = input;
    const accounts = {
        authority,
        contentProvider: contract.contentProvider,
        contract: contract.address,
        commitment,
    };
    return [buildInstruction('settlement', 'cosignDelivery', accounts, {})];
}
