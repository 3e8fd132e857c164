import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { parseUpgradeAuthority } from './upgrade-authority.js';

const vault = new PublicKey(new Uint8Array(32).fill(1));
const other = new PublicKey(new Uint8Array(32).fill(2));

describe('the upgrade authority of the command line', () => {
    it('is none unless asked for', () => {
        expect(parseUpgradeAuthority()).toBeUndefined();
    });

    it('is what was named twice', () => {
        const again = new PublicKey(vault.toBytes());
        expect(parseUpgradeAuthority(vault, again)).toEqual({ address: vault, confirmation: again });
    });

    it('is refused when it is named once, by either option', () => {
        expect(() => parseUpgradeAuthority(vault)).toThrow('--confirm-upgrade-authority');
        expect(() => parseUpgradeAuthority(undefined, vault)).toThrow('named twice');
    });

    it('is refused when the two differ, and when it is all zero', () => {
        expect(() => parseUpgradeAuthority(vault, other)).toThrow(`confirmed as ${other.toBase58()}`);
        expect(() => parseUpgradeAuthority(PublicKey.default, PublicKey.default)).toThrow('all-zero');
    });
});
