import { errorCodeOf } from '@ocm/runtime';
import {
    type AccountSource,
    type Beacon,
    fetchBeacon,
    fetchParticipant,
    findParticipantAddress,
    type WithAddress,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';

/** What the chain says of a BEACON. */
export interface BeaconAccount {
    /** Base58 public key that the BEACON signed its registration with. */
    key: string;
    /** `exiting`: off the list; `jailed`: its owner is a participant that lost more than half of its stake. */
    state: 'active' | 'exiting' | 'jailed';
}

/** Something stands there that is no account of a BEACON. */
const OTHER_ACCOUNTS = new Set([
    'MKT_SDK__ACCOUNT_OWNER',
    'MKT_SDK__ACCOUNT_DISCRIMINATOR',
    'MKT_SDK__ACCOUNT_TRUNCATED',
]);

/** Null: no BEACON is registered at the address, or it has left with its bond. Throws if that cannot be read. */
export async function readBeaconAccount(connection: AccountSource, address: string): Promise<BeaconAccount | null> {
    const beacon = await findBeaconAt(connection, address);
    if (beacon === null) return null;
    const key = beacon.beaconKey.toBase58();
    if (beacon.status !== 'active') return { key, state: 'exiting' };
    const owner = await fetchParticipant(connection, findParticipantAddress({ owner: beacon.owner }));
    return { key, state: owner?.status === 'jailed' ? 'jailed' : 'active' };
}

/** The account alone, without its owner's. Throws if it cannot be read. */
export async function findBeaconAt(connection: AccountSource, address: string): Promise<WithAddress<Beacon> | null> {
    const at = publicKeyOf(address);
    return at === null ? null : fetchBeacon(connection, at).catch(noneOfOthers);
}

function noneOfOthers(error: unknown): WithAddress<Beacon> | null {
    if (OTHER_ACCOUNTS.has(errorCodeOf(error))) return null;
    throw error;
}

/** Not every text that looks like an address is one. */
function publicKeyOf(address: string): PublicKey | null {
    try {
        return new PublicKey(address);
    } catch {
        return null;
    }
}
