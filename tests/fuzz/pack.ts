import { at } from './addresses.js';

/** Arguments as Borsh lays them, written by hand so that the fuzzer does not lean on the SDK's coder. */
export class Pack {
    private readonly parts: Uint8Array[] = [];

    u8(value: number): this {
        return this.raw(Uint8Array.of(value));
    }

    u16(value: number): this {
        const bytes = new Uint8Array(2);
        new DataView(bytes.buffer).setUint16(0, value, true);
        return this.raw(bytes);
    }

    u32(value: number): this {
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setUint32(0, value, true);
        return this.raw(bytes);
    }

    u64(value: bigint): this {
        const bytes = new Uint8Array(8);
        new DataView(bytes.buffer).setBigUint64(0, value, true);
        return this.raw(bytes);
    }

    i64(value: number): this {
        return this.u64(BigInt.asUintN(64, BigInt(value)));
    }

    address(name: string): this {
        return this.raw(at(name).bytes);
    }

    raw(bytes: Uint8Array): this {
        this.parts.push(bytes);
        return this;
    }

    done(): Uint8Array {
        return Buffer.concat(this.parts);
    }
}
