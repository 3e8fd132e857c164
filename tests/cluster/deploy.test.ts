import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import {
    type AccountMeta,
    type Connection,
    Keypair,
    PublicKey,
    SYSVAR_CLOCK_PUBKEY,
    SYSVAR_RENT_PUBKEY,
    SystemProgram,
    sendAndConfirmTransaction,
    Transaction,
    TransactionInstruction,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedKeypair, type ServedCluster, SOL, serveCluster } from './support.js';

const LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
const MEMO = new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr');
const TOKEN_2022 = new PublicKey('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb');
const CHUNK_BYTES = 900;
const PROGRAM_DATA_META_BYTES = 45;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

let served: ServedCluster;
let payer: Keypair;

beforeAll(async () => {
    served = await serveCluster();
    payer = await fundedKeypair(served.cluster, 1_000 * SOL);
});
afterAll(() => served.close());

const programData = (program: PublicKey): PublicKey => PublicKey.findProgramAddressSync([program.toBytes()], LOADER)[0];
const meta = (pubkey: PublicKey, isWritable: boolean, isSigner = false): AccountMeta => ({
    pubkey,
    isWritable,
    isSigner,
});
const loaderInstruction = (keys: AccountMeta[], data: Buffer) =>
    new TransactionInstruction({ programId: LOADER, keys, data });

/** The image of a program that every cluster carries: no file is needed to have something to deploy. */
async function imageOf(program: PublicKey): Promise<Buffer> {
    const [account, data] = await served.connection.getMultipleAccountsInfo([program, programData(program)]);
    return data?.data.subarray(PROGRAM_DATA_META_BYTES) ?? account?.data ?? Buffer.alloc(0);
}

/**
 * Signs with OpenSSL, and as version 0: web3.js signs in JavaScript and spells the data of legacy instructions in base58
 * and back, some 10 ms for each chunk.
 */
function signFast(instruction: TransactionInstruction, blockhash: string, key: KeyObject): Uint8Array {
    const message = new TransactionMessage({
        payerKey: payer.publicKey,
        recentBlockhash: blockhash,
        instructions: [instruction],
    }).compileToV0Message();
    return new VersionedTransaction(message, [sign(null, message.serialize(), key)]).serialize();
}

async function writeBuffer(connection: Connection, elf: Buffer): Promise<PublicKey> {
    const buffer = Keypair.generate();
    const space = 37 + elf.length;
    const create = SystemProgram.createAccount({
        fromPubkey: payer.publicKey,
        newAccountPubkey: buffer.publicKey,
        lamports: await connection.getMinimumBalanceForRentExemption(space),
        space,
        programId: LOADER,
    });
    const initialize = loaderInstruction([meta(buffer.publicKey, true), meta(payer.publicKey, false)], Buffer.alloc(4));
    await sendAndConfirmTransaction(connection, new Transaction().add(create, initialize), [payer, buffer]);
    const { blockhash } = await connection.getLatestBlockhash();
    const seed = Buffer.concat([PKCS8_PREFIX, payer.secretKey.subarray(0, 32)]);
    const key = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
    const wires: Uint8Array[] = [];
    for (let offset = 0; offset < elf.length; offset += CHUNK_BYTES) {
        const chunk = elf.subarray(offset, offset + CHUNK_BYTES);
        const head = Buffer.alloc(16);
        head.writeUInt32LE(1, 0);
        head.writeUInt32LE(offset, 4);
        head.writeBigUInt64LE(BigInt(chunk.length), 8);
        const write = loaderInstruction(
            [meta(buffer.publicKey, true), meta(payer.publicKey, false, true)],
            Buffer.concat([head, chunk]),
        );
        wires.push(signFast(write, blockhash, key));
    }
    await Promise.all(wires.map((wire) => connection.sendRawTransaction(wire, { skipPreflight: true })));
    const stored = await connection.getAccountInfo(buffer.publicKey);
    expect(stored?.data.subarray(37).equals(elf)).toBe(true);
    return buffer.publicKey;
}

async function deploy(connection: Connection, elf: Buffer, program: Keypair): Promise<void> {
    const buffer = await writeBuffer(connection, elf);
    const data = Buffer.alloc(12);
    data.writeUInt32LE(2, 0);
    data.writeBigUInt64LE(BigInt(elf.length), 4);
    const create = SystemProgram.createAccount({
        fromPubkey: payer.publicKey,
        newAccountPubkey: program.publicKey,
        lamports: await connection.getMinimumBalanceForRentExemption(36),
        space: 36,
        programId: LOADER,
    });
    const finish = loaderInstruction(
        [
            meta(payer.publicKey, true, true),
            meta(programData(program.publicKey), true),
            meta(program.publicKey, true),
            meta(buffer, true),
            meta(SYSVAR_RENT_PUBKEY, false),
            meta(SYSVAR_CLOCK_PUBKEY, false),
            meta(SystemProgram.programId, false),
            meta(payer.publicKey, false, true),
        ],
        data,
    );
    await sendAndConfirmTransaction(connection, new Transaction().add(create, finish), [payer, program]);
}

const call = (program: PublicKey, text: string) =>
    sendAndConfirmTransaction(
        served.connection,
        new Transaction().add(new TransactionInstruction({ programId: program, keys: [], data: Buffer.from(text) })),
        [payer],
    );

describe('deploying through the upgradeable loader by RPC', () => {
    it('deploys a program, runs it, upgrades it and refuses a stranger', async () => {
        const { connection } = served;
        const elf = await imageOf(MEMO);
        const program = Keypair.generate();
        await deploy(connection, elf, program);
        const signature = await call(program.publicKey, 'hello');
        const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        expect(landed?.meta?.logMessages?.join('\n')).toContain(`Program ${program.publicKey.toBase58()} success`);

        const upgrade = async (authority: Keypair): Promise<string> => {
            const buffer = await writeBuffer(connection, elf);
            const instruction = loaderInstruction(
                [
                    meta(programData(program.publicKey), true),
                    meta(program.publicKey, true),
                    meta(buffer, true),
                    meta(payer.publicKey, true),
                    meta(SYSVAR_RENT_PUBKEY, false),
                    meta(SYSVAR_CLOCK_PUBKEY, false),
                    meta(authority.publicKey, false, true),
                ],
                Buffer.from([3, 0, 0, 0]),
            );
            const signers = authority === payer ? [payer] : [payer, authority];
            return sendAndConfirmTransaction(connection, new Transaction().add(instruction), signers);
        };
        served.cluster.advanceSlots();
        await upgrade(payer);
        await call(program.publicKey, 'hello again');
        await expect(upgrade(Keypair.generate())).rejects.toThrow('Incorrect authority provided');
    });

    it('takes a burst of some 700 chunk transactions at once, none lost', async () => {
        const elf = await imageOf(TOKEN_2022);
        const buffer = await writeBuffer(served.connection, elf);
        expect(elf.length).toBeGreaterThan(500_000);
        const landed = await served.connection.getSignaturesForAddress(buffer);
        expect(landed).toHaveLength(1 + Math.ceil(elf.length / CHUNK_BYTES));
        expect(landed.every(({ err }) => err === null)).toBe(true);
    });
});
