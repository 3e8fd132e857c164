import { generateKeyPair } from '@ocm/sdk/core';
import { PublicKey } from '@solana/web3.js';
import type { BeaconAccount } from '../src/topology/beacon-account.js';
import { proofOf } from './routing-device-support.js';

/** A chain of BEACONs by address: an account, null for none, an error for a question that fails. */
export class BeaconChain {
    readonly accounts = new Map<string, BeaconAccount | null | Error>();
    readonly asked: string[] = [];

    readonly findBeacon = async (address: string): Promise<BeaconAccount | null> => {
        this.asked.push(address);
        const account = this.accounts.get(address) ?? null;
        if (account instanceof Error) throw account;
        return account;
    };

    /** Registers a BEACON with a new key; returns what makes its proofs. */
    register(address: string, state: BeaconAccount['state'] = 'active') {
        const key = generateKeyPair();
        this.accounts.set(address, { key: new PublicKey(key.publicKey).toBase58(), state });
        return (change: Record<string, unknown> = {}) => proofOf({ beacon: address, ...change }, key.secretSeed);
    }

    /** Changes what stands there. */
    set(address: string, state: BeaconAccount['state']): void {
        this.accounts.set(address, { ...(this.accounts.get(address) as BeaconAccount), state });
    }
}
