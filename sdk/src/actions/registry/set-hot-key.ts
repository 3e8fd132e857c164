import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { HOT_SCOPES } from '../../accounts/participant.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getSetHotKeyInstructions` needs: a key with its permissions and its end, or null to remove the present key. */
export interface SetHotKeyInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly hotKey: {
        readonly address: PublicKey;
        readonly scopes: readonly (keyof typeof HOT_SCOPES)[];
        /** Unix seconds, at most 30 days ahead of the cluster's time. */
        readonly expiresAt: bigint;
    } | null;
}

/**
 * Names the key that signs routine actions for a participant; it can never move money.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the key is the owner's own, has no or an unknown permission,
 * or no expiry.
 * @example
 * const instructions = await getSetHotKeyInstructions({ owner, hotKey: { address, scopes: ['commit'], expiresAt } });
 */
export async function getSetHotKeyInstructions({ owner, hotKey }: SetHotKeyInput): Promise<TransactionInstruction[]> {
    const accounts = { owner, participant: findParticipantAddress({ owner }) };
    const args = hotKey ? encodeHotKey(owner, hotKey) : { hot: PublicKey.default, scope: 0, expiresAt: 0n };
    return [buildInstruction('registry', 'setHotKey', accounts, { args })];
}

function encodeHotKey(owner: PublicKey, { address, scopes, expiresAt }: NonNullable<SetHotKeyInput['hotKey']>) {
    if (address.equals(owner) || address.equals(PublicKey.default)) {
        throw argumentError('hotKey.address', 'a key that is neither the owner nor all zero');
    }
    if (scopes.length === 0 || scopes.some((scope) => !Object.hasOwn(HOT_SCOPES, scope))) {
        throw argumentError('hotKey.scopes', `at least one of ${Object.keys(HOT_SCOPES).join(', ')}`);
    }
    assertPositive('hotKey.expiresAt', expiresAt);
    const scope = scopes.reduce((bits, name) => bits | HOT_SCOPES[name], 0);
    return { hot: address, scope, expiresAt: expiresAt };
}
