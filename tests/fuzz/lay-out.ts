import { type Address, at } from './addresses.js';

/** One account of an instruction, in its place. */
export interface Meta {
    readonly account: string;
    readonly address: Address;
    readonly signer: boolean;
    readonly writable: boolean;
}

/** A transaction but for the data of its instructions, which goes to `places`. */
export interface Template {
    readonly wire: Buffer;
    readonly places: readonly number[];
}

interface Key {
    readonly address: Address;
    signer: boolean;
    writable: boolean;
}

function mergeKeys(program: Address, metas: readonly Meta[], hasSignatures: boolean): Key[] {
    const merged = new Map<string, Key>();
    const add = (address: Address, signer: boolean, writable: boolean) => {
        const id = address.key.toBase58();
        const key = merged.get(id) ?? { address, signer: false, writable: false };
        key.signer ||= signer;
        key.writable ||= writable;
        merged.set(id, key);
    };
    add(at('wallet:fees'), true, true);
    for (const { address, signer, writable } of metas) add(address, signer, writable);
    add(program, false, false);
    if (hasSignatures) add(at('ed25519'), false, false);
    const rank = ({ signer, writable }: Key) => (signer ? 0 : 2) + (writable ? 0 : 1);
    return [...merged.values()].sort((left, right) => rank(left) - rank(right));
}

const lengthBytes = (length: number) =>
    length < 128 ? Uint8Array.of(length) : Uint8Array.of((length & 0x7f) | 0x80, length >> 7);

/** A legacy transaction of one call, behind instructions of the Ed25519 program; `lengths` are those of all data. */
export function layOut(program: Address, metas: readonly Meta[], lengths: readonly number[]): Template {
    const keys = mergeKeys(program, metas, lengths.length > 1);
    const place = (address: Address) => keys.findIndex((key) => key.address.key.equals(address.key));
    const signers = keys.filter(({ signer }) => signer).length;
    const readonlySigners = keys.filter(({ signer, writable }) => signer && !writable).length;
    const readonlyOthers = keys.filter(({ signer, writable }) => !signer && !writable).length;
    let wire = Buffer.concat([
        Uint8Array.of(signers),
        Buffer.alloc(64 * signers),
        Uint8Array.of(signers, readonlySigners, readonlyOthers, keys.length),
        ...keys.map(({ address }) => address.bytes),
        Buffer.alloc(32),
        Uint8Array.of(lengths.length),
    ]);
    const places: number[] = [];
    for (const [index, length] of lengths.entries()) {
        const isOwn = index === lengths.length - 1;
        const head = isOwn
            ? [place(program), metas.length, ...metas.map(({ address }) => place(address))]
            : [place(at('ed25519')), 0];
        wire = Buffer.concat([wire, Uint8Array.from(head), lengthBytes(length)]);
        places.push(wire.length);
        wire = Buffer.concat([wire, Buffer.alloc(length)]);
    }
    return { wire, places };
}
