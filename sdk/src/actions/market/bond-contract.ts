import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getBondContractInstructions` needs. */
export interface BondContractInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address'>;
    /** Base units of free stake. */
    readonly amount: bigint;
}

/**
 * Binds free stake to a contract. Each commitment of receipted kinds locks `computeLock(gross, multiplier)` of it until it
 * is settled, so that the bond has to carry all commitments that are open at once.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getBondContractInstructions({ owner, contract, amount: 5_000_000n });
 */
export async function getBondContractInstructions(input: BondContractInput): Promise<TransactionInstruction[]> {
    const { owner, contract, amount } = input;
    assertPositive('amount', amount);
    const accounts = {
        owner,
        seller: findParticipantAddress({ owner }),
        contract: contract.address,
        ...registryCallAccounts(),
    };
    return [buildInstruction('market', 'bondContract', accounts, { amount })];
}
