import { PublicKey } from '@solana/web3.js';
import type { UpgradeAuthority } from './migration.js';

/**
 * Refuses an upgrade authority that is not named twice alike, or that nobody can be.
 *
 * @throws Error naming both addresses.
 */
export function assertUpgradeAuthority({ address, confirmation }: UpgradeAuthority): void {
    if (!address.equals(confirmation)) {
        throw new Error(
            `the upgrade authority is named as ${address.toBase58()} and confirmed as ${confirmation.toBase58()}: name the same address twice`,
        );
    }
    if (address.equals(PublicKey.default)) {
        throw new Error('the upgrade authority is the all-zero address: nobody could upgrade the programs again');
    }
}

/**
 * The upgrade authority of the command line; undefined where none is asked for.
 *
 * @throws Error when only one of the two options is given, and as `assertUpgradeAuthority`.
 */
export function parseUpgradeAuthority(address?: PublicKey, confirmation?: PublicKey): UpgradeAuthority | undefined {
    if (!address && !confirmation) return undefined;
    if (!address || !confirmation) {
        throw new Error(
            'the upgrade authority must be named twice, by --upgrade-authority and --confirm-upgrade-authority',
        );
    }
    const named = { address, confirmation };
    assertUpgradeAuthority(named);
    return named;
}
