import { PublicKey } from '@solana/web3.js';
import { toHex, u32, utf8 } from '../protocol/bytes.js';

/** Base58 of a key takes as long as ten hashes, and few keys occur again and again. */
const known = new Map<string, string>();
const MAX_KNOWN = 100_000;

export function toAddress(bytes: Uint8Array): string {
    const key = toHex(bytes);
    const found = known.get(key);
    if (found !== undefined) return found;
    const address = new PublicKey(bytes).toBase58();
    if (known.size < MAX_KNOWN) known.set(key, address);
    return address;
}

export const addressBytes = (address: string): Uint8Array => new PublicKey(address).toBytes();

export const isAddress = (text: string): boolean => {
    try {
        return new PublicKey(text).toBase58() === text;
    } catch {
        return false;
    }
};

export const ZERO_ADDRESS = '11111111111111111111111111111111';

type Derived = { address: string; bump: number };
const derivations = new Map<string, Derived>();

/** Address that a program derives from seeds; the seeds are those of protocol 6.3 and docs/programs. */
function derive(program: string, seeds: readonly Uint8Array[]): Derived {
    const key = [program, ...seeds.map(toHex)].join('/');
    const found = derivations.get(key);
    if (found !== undefined) return found;
    const [address, bump] = PublicKey.findProgramAddressSync([...seeds], new PublicKey(program));
    const derived = { address: address.toBase58(), bump };
    if (derivations.size < MAX_KNOWN) derivations.set(key, derived);
    return derived;
}

export const contractAddress = (program: string, contentProvider: string, seller: string, nonce: Uint8Array): Derived =>
    derive(program, [utf8('ctr'), addressBytes(contentProvider), addressBytes(seller), nonce]);

export const vaultAddress = (program: string, contract: string): Derived =>
    derive(program, [utf8('vault'), addressBytes(contract)]);

export const commitmentAddress = (program: string, contract: string, epoch: number, kind: number): Derived =>
    derive(program, [utf8('commitment'), addressBytes(contract), u32(epoch), Uint8Array.of(kind)]);

export const configAddress = (program: string): Derived => derive(program, [utf8('config')]);
