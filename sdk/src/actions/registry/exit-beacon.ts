import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { BEACONS_PER_PAGE, type Beacon } from '../../accounts/beacon.js';
import type { WithAddress } from '../../accounts/reader.js';
import {
    findBeaconAddress,
    findBeaconPageAddress,
    findBeaconRegistryAddress,
    findConfigAddress,
} from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getExitBeaconInstructions` needs. */
export interface ExitBeaconInput {
    /** Signs. */
    readonly owner: PublicKey;
    readonly beacon: Pick<WithAddress<Beacon>, 'address' | 'index'>;
    /** `BeaconRegistry.count` as read now. */
    readonly count: number;
    /** The key at the last place of the list; left out when `beacon` itself stands there. */
    readonly lastKey?: PublicKey;
}

/**
 * Takes a BEACON off the list; the last one takes its number. `fetchBeaconPage` tells the last key.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when `lastKey` is missing although another BEACON stands at the last place.
 * @example const instructions = await getExitBeaconInstructions({ owner, beacon, count, lastKey });
 */
export async function getExitBeaconInstructions(input: ExitBeaconInput): Promise<TransactionInstruction[]> {
    const { owner, beacon, count, lastKey } = input;
    const last = count - 1;
    if (beacon.index !== last && lastKey === undefined) throw argumentError('lastKey', 'the key at the last place');
    const page = Math.floor(beacon.index / BEACONS_PER_PAGE);
    const lastPage = Math.floor(last / BEACONS_PER_PAGE);
    const accounts = {
        owner,
        config: findConfigAddress(),
        beaconRegistry: findBeaconRegistryAddress(),
        beacon: beacon.address,
        beaconPage: findBeaconPageAddress({ page }),
        lastPage: page === lastPage ? null : findBeaconPageAddress({ page: lastPage }),
        movedBeacon: beacon.index === last || lastKey === undefined ? null : findBeaconAddress({ beaconKey: lastKey }),
    };
    return [buildInstruction('registry', 'exitBeacon', accounts, {})];
}
