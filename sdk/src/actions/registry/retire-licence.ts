import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findLicenceAccountAddress } from '../../accounts/node-licence.js';
import { findLicenceAddress, findNodeAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getRetireLicenceInstructions` needs. Nobody signs but who pays the fee. */
export interface RetireLicenceInput {
    /** Owner of the node's participant: gets the mint's rent. */
    readonly owner: PublicKey;
    /** The closed node's index. */
    readonly nodeIndex: number;
}

/**
 * Burns the licence of a closed node and closes its mint. It may follow `getCloseNodeInstructions` in one transaction. The
 * holder's empty token account stays; only the holder can close it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the index is no u32.
 * @example const instructions = await getRetireLicenceInstructions({ owner, nodeIndex: node.index });
 */
export async function getRetireLicenceInstructions(input: RetireLicenceInput): Promise<TransactionInstruction[]> {
    const { owner, nodeIndex } = input;
    assertInteger('nodeIndex', nodeIndex, 0, 0xffff_ffff);
    const participant = findParticipantAddress({ owner });
    const node = findNodeAddress({ participant, index: nodeIndex });
    const accounts = {
        participant,
        node,
        owner,
        licenceMint: findLicenceAddress({ node }),
        licenceAccount: findLicenceAccountAddress({ node, owner }),
    };
    return [buildInstruction('registry', 'retireLicence', accounts, { nodeIndex })];
}
