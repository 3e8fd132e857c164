import { TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { PublicKey } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLicenceAddress } from '../addresses/index.js';
import { concatBytes, utf8 } from '../core/bytes.js';
import { isMarketplaceError } from '../core/error.js';
import { findLicenceAccountAddress, readNodeLicence } from './node-licence.js';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const node = key(5);
const wallet = key(6);
const address = findLicenceAddress({ node });

const u16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
const u32 = (value: number) => Uint8Array.of(...new Uint8Array(new Uint32Array([value]).buffer));
const text = (value: string) => concatBytes(u32(utf8(value).length), utf8(value));
const entry = (type: number, data: Uint8Array) => concatBytes(u16(type), u16(data.length), data);

const FIELDS = { role: 'RELAY', class: 'unicast', asn: '64496', node: node.toBase58(), meaning: 'a badge' };

function metadata(fields: Record<string, string> = {}, uri = 'https://a.example'): Uint8Array {
    const pairs = Object.entries({ ...FIELDS, ...fields }).map(([name, value]) => concatBytes(text(name), text(value)));
    const texts = [text('OCM RELAY licence'), text('OCM-NODE'), text(uri)];
    return concatBytes(new Uint8Array(32), address.toBytes(), ...texts, u32(pairs.length), ...pairs);
}

function mintData(written = metadata(), options: { supply?: number; type?: number; transferable?: boolean } = {}) {
    const base = new Uint8Array(166);
    base[36] = options.supply ?? 1;
    base[165] = options.type ?? 1;
    const lock = options.transferable ? new Uint8Array() : entry(9, new Uint8Array());
    return concatBytes(base, lock, entry(19, written));
}

function tokenAccount(mint = address, amount = 1) {
    const data = new Uint8Array(165);
    data.set(mint.toBytes());
    data.set(wallet.toBytes(), 32);
    data[64] = amount;
    return { address: findLicenceAccountAddress({ node, owner: wallet }), owner: TOKEN_2022_PROGRAM_ID, data };
}

const mint = (data = mintData(), owner = TOKEN_2022_PROGRAM_ID) => ({ address, owner, data });
const read = (data?: Uint8Array, account: ReturnType<typeof tokenAccount> | null = tokenAccount()) =>
    readNodeLicence({ node, mint: mint(data), tokenAccount: account });
const invalid = expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_DATA_INVALID' });

describe('readNodeLicence', () => {
    it('reads what the mint says and who holds the token', () => {
        expect(read()).toEqual({
            mint: address,
            node,
            name: 'OCM RELAY licence',
            symbol: 'OCM-NODE',
            uri: 'https://a.example',
            role: 'RELAY',
            class: 'unicast',
            asn: 64_496,
            meaning: 'a badge',
            holder: wallet,
        });
    });

    it.each([
        ['the token is burned', mintData(metadata(), { supply: 0 }), tokenAccount()],
        ['no token account is given', mintData(), null],
        ['the account is empty', mintData(), tokenAccount(address, 0)],
        ['the account holds another token', mintData(), tokenAccount(key(7))],
        ['another program wrote the account', mintData(), { ...tokenAccount(), owner: TOKEN_PROGRAM_ID }],
        ['the account is cut off', mintData(), { ...tokenAccount(), data: new Uint8Array(164) }],
    ])('names no holder where %s', (_name, data, account) => {
        expect(read(data, account).holder).toBeNull();
    });

    it('refuses a mint of another program and at another address', () => {
        const foreign = { node, mint: mint(mintData(), TOKEN_PROGRAM_ID), tokenAccount: null };
        expect(() => readNodeLicence(foreign)).toThrow(expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_OWNER' }));
        expect(() => readNodeLicence({ node: key(8), mint: mint(), tokenAccount: null })).toThrow(invalid);
    });

    const long = concatBytes(new Uint8Array(64), u32(1_025), new Uint8Array(1_025));
    const many = concatBytes(new Uint8Array(64), text(''), text(''), text(''), u32(33), new Uint8Array(33 * 8));
    it.each([
        ['that is none', mintData(metadata(), { type: 2 })],
        ['that is cut off', mintData().subarray(0, 165)],
        ['whose token can be transferred', mintData(metadata(), { transferable: true })],
        ['whose extension leads out of the account', mintData().subarray(0, mintData().length - 1)],
        ['whose metadata names another node', mintData(metadata({ node: wallet.toBase58() }))],
        ['whose network is no number', mintData(metadata({ asn: '1e3' }))],
        ['whose network is beyond 32 bits', mintData(metadata({ asn: '4294967296' }))],
        ['with a text length of four gigabytes', mintData(concatBytes(new Uint8Array(64), u32(0xffff_ffff)))],
        ['with a text longer than any', mintData(long)],
        ['with more fields than any', mintData(many)],
        ['with text that is no UTF-8', mintData(concatBytes(new Uint8Array(64), u32(1), Uint8Array.of(255)))],
    ])('refuses a mint %s', (_name, data) => {
        expect(() => read(data)).toThrow(invalid);
    });

    it('refuses or reads any bytes, and never fails otherwise', () => {
        const whole = mintData();
        const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
        fc.assert(
            fc.property(fc.array(change, { maxLength: 8 }), fc.nat(whole.length), (changes, length) => {
                const data = whole.slice();
                for (const { at, byte } of changes) data[at] = byte;
                try {
                    read(data.subarray(0, length));
                } catch (error) {
                    expect(isMarketplaceError(error, 'MKT_SDK__ACCOUNT_DATA_INVALID')).toBe(true);
                }
            }),
        );
    });
});
