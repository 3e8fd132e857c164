import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { BEACONS_PER_PAGE } from '../../accounts/beacon.js';
import {
    findBeaconAddress,
    findBeaconPageAddress,
    findBeaconRegistryAddress,
    findConfigAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
} from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertPositive } from '../checks.js';

/** What `getRegisterBeaconInstructions` needs. */
export interface RegisterBeaconInput {
    /** Pays bond and rent. Signs. */
    readonly owner: PublicKey;
    /** The BEACON's own key. Signs. */
    readonly beaconKey: PublicKey;
    /** `BeaconRegistry.count` as read now; another registration in between means reading again. */
    readonly count: number;
    readonly asn: number;
    readonly downKilobitsPerSecond: bigint;
    /** Base units of `bondMint`; at least `MIN_BEACON_BOND`. */
    readonly bond: bigint;
    readonly bondMint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** Where the bond comes from; the owner's associated token account when left out. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Lists a BEACON against a bond.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the rate or the bond is not positive.
 * @example const instructions = await getRegisterBeaconInstructions({ owner, beaconKey, count, asn: 64_496, downKilobitsPerSecond: 100_000n, bond: 10_000_000n, bondMint });
 */
export async function getRegisterBeaconInstructions(input: RegisterBeaconInput): Promise<TransactionInstruction[]> {
    const { owner, beaconKey, bondMint, count, tokenProgram = TOKEN_PROGRAM_ID, ownerTokenAccount, ...args } = input;
    assertPositive('downKilobitsPerSecond', input.downKilobitsPerSecond);
    assertPositive('bond', input.bond);
    assertInteger('count', count, 0, 65_536 * BEACONS_PER_PAGE - 1);
    const accounts = {
        owner,
        beaconKey,
        config: findConfigAddress(),
        beaconRegistry: findBeaconRegistryAddress(),
        beaconPage: findBeaconPageAddress({ page: Math.floor(count / BEACONS_PER_PAGE) }),
        beacon: findBeaconAddress({ beaconKey }),
        bondMint,
        ownerTokenAccount: ownerTokenAccount ?? findTokenAccountAddress({ owner, mint: bondMint, tokenProgram }),
        stakeVault: findStakeVaultAddress({ mint: bondMint }),
        tokenProgram,
    };
    return [buildInstruction('registry', 'registerBeacon', accounts, { args })];
}
