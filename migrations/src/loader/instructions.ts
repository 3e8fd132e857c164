import {
    PublicKey,
    SYSVAR_CLOCK_PUBKEY,
    SYSVAR_RENT_PUBKEY,
    SystemProgram,
    TransactionInstruction,
} from '@solana/web3.js';

/** Solana's upgradeable BPF loader ("loader v3"). */
export const UPGRADEABLE_LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');

/** Sizes of `UpgradeableLoaderState` before the program's bytes: enum tag, option tag, authority (and, for ProgramData, the slot). */
export const BUFFER_HEADER_BYTES = 37;
export const PROGRAM_DATA_HEADER_BYTES = 45;
export const PROGRAM_ACCOUNT_BYTES = 36;

/**
 * Program bytes in one `Write`: a transaction holds 1,232 bytes, of which one signature, three account keys, the
 * blockhash and the framing of version 0 and of one instruction take 222.
 */
export const WRITE_CHUNK_BYTES = 1010;

/** Variant numbers of `UpgradeableLoaderInstruction`. */
const VARIANT = {
    initializeBuffer: 0,
    write: 1,
    deployWithMaxDataLen: 2,
    upgrade: 3,
    setAuthority: 4,
    extendProgram: 6,
} as const;

function encodeVariant(variant: number, ...words: { value: number | bigint; bytes: 4 | 8 }[]): Buffer {
    const data = Buffer.alloc(4 + words.reduce((sum, word) => sum + word.bytes, 0));
    data.writeUInt32LE(variant, 0);
    let offset = 4;
    for (const { value, bytes } of words) {
        if (bytes === 8) data.writeBigUInt64LE(BigInt(value), offset);
        else data.writeUInt32LE(Number(value), offset);
        offset += bytes;
    }
    return data;
}

/** The account that holds a program's bytes, its last deployment slot and its upgrade authority. */
export function findProgramDataAddress(program: PublicKey): PublicKey {
    return PublicKey.findProgramAddressSync([program.toBuffer()], UPGRADEABLE_LOADER)[0];
}

export function initializeBuffer(buffer: PublicKey, authority: PublicKey): TransactionInstruction {
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: buffer, isSigner: false, isWritable: true },
            { pubkey: authority, isSigner: false, isWritable: false },
        ],
        data: encodeVariant(VARIANT.initializeBuffer),
    });
}

export function writeBuffer(input: {
    buffer: PublicKey;
    authority: PublicKey;
    offset: number;
    bytes: Uint8Array;
}): TransactionInstruction {
    const head = encodeVariant(
        VARIANT.write,
        { value: input.offset, bytes: 4 },
        { value: input.bytes.length, bytes: 8 },
    );
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: input.buffer, isSigner: false, isWritable: true },
            { pubkey: input.authority, isSigner: true, isWritable: false },
        ],
        data: Buffer.concat([head, input.bytes]),
    });
}

export function deployProgram(input: {
    payer: PublicKey;
    program: PublicKey;
    buffer: PublicKey;
    authority: PublicKey;
    maxDataBytes: number;
}): TransactionInstruction {
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: input.payer, isSigner: true, isWritable: true },
            { pubkey: findProgramDataAddress(input.program), isSigner: false, isWritable: true },
            { pubkey: input.program, isSigner: false, isWritable: true },
            { pubkey: input.buffer, isSigner: false, isWritable: true },
            { pubkey: SYSVAR_RENT_PUBKEY, isSigner: false, isWritable: false },
            { pubkey: SYSVAR_CLOCK_PUBKEY, isSigner: false, isWritable: false },
            { pubkey: SystemProgram.programId, isSigner: false, isWritable: false },
            { pubkey: input.authority, isSigner: true, isWritable: false },
        ],
        data: encodeVariant(VARIANT.deployWithMaxDataLen, { value: input.maxDataBytes, bytes: 8 }),
    });
}

export function upgradeProgram(input: {
    program: PublicKey;
    buffer: PublicKey;
    authority: PublicKey;
    spill: PublicKey;
}): TransactionInstruction {
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: findProgramDataAddress(input.program), isSigner: false, isWritable: true },
            { pubkey: input.program, isSigner: false, isWritable: true },
            { pubkey: input.buffer, isSigner: false, isWritable: true },
            { pubkey: input.spill, isSigner: false, isWritable: true },
            { pubkey: SYSVAR_RENT_PUBKEY, isSigner: false, isWritable: false },
            { pubkey: SYSVAR_CLOCK_PUBKEY, isSigner: false, isWritable: false },
            { pubkey: input.authority, isSigner: true, isWritable: false },
        ],
        data: encodeVariant(VARIANT.upgrade),
    });
}

/** Grows the ProgramData account when an upgrade is larger than the room left by the first deployment. */
export function extendProgram(program: PublicKey, payer: PublicKey, additionalBytes: number): TransactionInstruction {
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: findProgramDataAddress(program), isSigner: false, isWritable: true },
            { pubkey: program, isSigner: false, isWritable: true },
            { pubkey: SystemProgram.programId, isSigner: false, isWritable: false },
            { pubkey: payer, isSigner: true, isWritable: true },
        ],
        data: encodeVariant(VARIANT.extendProgram, { value: additionalBytes, bytes: 4 }),
    });
}

/** Hands a buffer, or the ProgramData of a program, to another authority, which need not sign: a vault cannot. */
export function setLoaderAuthority(input: {
    account: PublicKey;
    authority: PublicKey;
    newAuthority: PublicKey;
}): TransactionInstruction {
    return new TransactionInstruction({
        programId: UPGRADEABLE_LOADER,
        keys: [
            { pubkey: input.account, isSigner: false, isWritable: true },
            { pubkey: input.authority, isSigner: true, isWritable: false },
            { pubkey: input.newAuthority, isSigner: false, isWritable: false },
        ],
        data: encodeVariant(VARIANT.setAuthority),
    });
}
