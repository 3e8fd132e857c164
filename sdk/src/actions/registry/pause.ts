import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { PAUSE_BITS, type PauseBit } from '../../accounts/config.js';
import { findConfigAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getPauseInstructions` needs. */
export interface PauseInput {
    /** The configuration's board or guardian. Signs. */
    readonly authority: PublicKey;
    /** What to stop. */
    readonly bits: readonly PauseBit[];
    /** Unix seconds, at most seven days ahead; the pause ends by itself then. */
    readonly until: bigint;
}

/**
 * Stops selected new business. What runs goes on: no pause reaches registration, claims, exits, withdrawals,
 * commitments or settlements.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when nothing or something unknown is named.
 * @example const instructions = await getPauseInstructions({ authority: guardian, bits: ['newContracts'], until });
 */
export async function getPauseInstructions(input: PauseInput): Promise<TransactionInstruction[]> {
    const { authority, until } = input;
    const names = new Set<string>(input.bits);
    const known = Object.entries(PAUSE_BITS).filter(([name]) => names.has(name));
    if (known.length === 0 || known.length !== names.size) {
        throw argumentError('bits', `one or more of ${Object.keys(PAUSE_BITS).join(', ')}`);
    }
    const bits = known.reduce((sum, [, bit]) => sum + bit, 0);
    return [buildInstruction('registry', 'pause', { authority, config: findConfigAddress() }, { bits, until })];
}
