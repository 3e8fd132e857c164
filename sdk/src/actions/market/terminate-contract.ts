import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

const MIN_NOTICE_EPOCHS = 24;
const MAX_NOTICE_EPOCHS = 21_845;

/** What `getTerminateContractInstructions` needs. */
export interface TerminateContractInput {
    /** Cold key of the content provider or of the seller. Signs. */
    readonly authority: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'contentProvider' | 'seller'>;
    /** Whole epochs after the present one, 24 at least. */
    readonly noticeEpochs: number;
}

/**
 * Ends a running contract after the present epoch and the notice; its capacity is freed then (`getBeginClosingInstructions`).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a notice of fewer than 24 epochs.
 * @example const instructions = await getTerminateContractInstructions({ authority, contract, noticeEpochs: 24 });
 */
export async function getTerminateContractInstructions(
    input: TerminateContractInput,
): Promise<TransactionInstruction[]> {
    const { authority, contract, noticeEpochs } = input;
    assertInteger('noticeEpochs', noticeEpochs, MIN_NOTICE_EPOCHS, MAX_NOTICE_EPOCHS);
    const { contentProvider, seller, address } = contract;
    const accounts = { authority, contentProvider, seller, contract: address };
    return [buildInstruction('market', 'terminateContract', accounts, { noticeEpochs })];
}
