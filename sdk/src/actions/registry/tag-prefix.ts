import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getTagPrefixInstructions` needs. */
export interface TagPrefixInput {
    /** The auditor's owner, or its hot key with the permission to prove. Signs. */
    readonly authority: PublicKey;
    /** Participant account of the auditor. */
    readonly auditor: PublicKey;
    readonly beacon: PublicKey;
    /** The access prefix as the auditors number them; 0 takes the tag back. */
    readonly prefixTag: number;
}

/**
 * Records behind which access prefix an auditor saw a BEACON, for 30 days.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the tag is no u32.
 * @example const instructions = await getTagPrefixInstructions({ authority, auditor, beacon, prefixTag: 7 });
 */
export async function getTagPrefixInstructions(input: TagPrefixInput): Promise<TransactionInstruction[]> {
    const { prefixTag, ...accounts } = input;
    assertInteger('prefixTag', prefixTag, 0, 0xffff_ffff);
    return [buildInstruction('registry', 'tagPrefix', accounts, { prefixTag })];
}
