import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Params } from '../../accounts/config.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { encodeParams } from './params.js';

/** What `getQueueParamsInstructions` needs. */
export interface QueueParamsInput {
    /** The configuration's board: a wallet, or a vault that signs by an executed proposal. Signs. */
    readonly board: PublicKey;
    readonly params: Params;
}

/**
 * Announces new parameters; anyone may apply them after 72 hours. Contracts that run keep theirs.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a parameter that does not fit its field.
 * @example const instructions = await getQueueParamsInstructions({ board, params: { ...config.params, prefundEpochs: 8 } });
 */
export async function getQueueParamsInstructions(input: QueueParamsInput): Promise<TransactionInstruction[]> {
    const accounts = { board: input.board, config: findConfigAddress() };
    return [buildInstruction('registry', 'queueParams', accounts, { params: encodeParams(input.params) })];
}
