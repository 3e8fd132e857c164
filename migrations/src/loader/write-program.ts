import { createHash } from 'node:crypto';
import type { ChainGateway } from '@ocm/runtime';
import { type Connection, Keypair, type PublicKey, SystemProgram } from '@solana/web3.js';
import { createSigner } from './fast-signer.js';
import {
    BUFFER_HEADER_BYTES,
    initializeBuffer,
    UPGRADEABLE_LOADER,
    WRITE_CHUNK_BYTES,
    writeBuffer,
} from './instructions.js';

/** Transactions in flight at once: enough to fill a validator's batch, few enough for a public RPC. */
const CONCURRENT_WRITES = 64;
/** Rounds of "write what is missing, read back": a lossy cluster needs several, a working one needs one. */
const MAX_ROUNDS = 20;

export type WriteBufferInput = {
    gateway: ChainGateway;
    payer: Keypair;
    program: Uint8Array;
    onProgress?: (writtenBytes: number, totalBytes: number) => void;
    signal?: AbortSignal;
};

/**
 * The buffer's key follows from the payer and the bytes, so that an interrupted deployment finds its buffer again and
 * writes only what is missing.
 */
function deriveBufferKeypair(payer: Keypair, program: Uint8Array): Keypair {
    const seed = createHash('sha256')
        .update('ocm/deploy-buffer/')
        .update(payer.secretKey.subarray(0, 32))
        .update(program)
        .digest();
    return Keypair.fromSeed(seed);
}

async function createBuffer(input: WriteBufferInput, buffer: Keypair): Promise<void> {
    const { gateway, payer, program } = input;
    const space = BUFFER_HEADER_BYTES + program.length;
    await gateway.sendInstructions({
        label: 'create program buffer',
        payer,
        signers: [buffer],
        instructions: [
            SystemProgram.createAccount({
                fromPubkey: payer.publicKey,
                newAccountPubkey: buffer.publicKey,
                lamports: await gateway.connection.getMinimumBalanceForRentExemption(space),
                space,
                programId: UPGRADEABLE_LOADER,
            }),
            initializeBuffer(buffer.publicKey, payer.publicKey),
        ],
        ...(input.signal ? { signal: input.signal } : {}),
    });
}

function missingChunks(program: Uint8Array, written: Uint8Array): number[] {
    const offsets: number[] = [];
    for (let offset = 0; offset < program.length; offset += WRITE_CHUNK_BYTES) {
        const chunk = program.subarray(offset, offset + WRITE_CHUNK_BYTES);
        if (Buffer.compare(chunk, written.subarray(offset, offset + chunk.length)) !== 0) offsets.push(offset);
    }
    return offsets;
}

async function readWritten(connection: Connection, buffer: PublicKey): Promise<Uint8Array | null> {
    const account = await connection.getAccountInfo(buffer, 'confirmed');
    return account ? account.data.subarray(BUFFER_HEADER_BYTES) : null;
}

async function sendChunks(input: WriteBufferInput, buffer: PublicKey, offsets: number[]): Promise<void> {
    const { gateway, payer, program, signal } = input;
    const { blockhash } = await gateway.connection.getLatestBlockhash('confirmed');
    const sign = createSigner(payer, blockhash);
    const queue = [...offsets];
    let sent = 0;
    const send = async () => {
        for (let offset = queue.shift(); offset !== undefined; offset = queue.shift()) {
            signal?.throwIfAborted();
            const bytes = program.subarray(offset, offset + WRITE_CHUNK_BYTES);
            const transaction = sign(writeBuffer({ buffer, authority: payer.publicKey, offset, bytes }));
            // A lost write is found by reading the buffer back, so one failure is no reason to stop.
            await gateway.connection.sendRawTransaction(transaction, { skipPreflight: true }).catch(() => undefined);
            sent += 1;
            input.onProgress?.(Math.min(program.length, (program.length * sent) / offsets.length), program.length);
        }
    };
    await Promise.all(Array.from({ length: CONCURRENT_WRITES }, send));
}

/** Waits until a round's writes are visible, or nothing more arrives. */
async function settleWrites(input: WriteBufferInput, buffer: PublicKey): Promise<number[]> {
    let missing: number[] = [];
    for (let quietPolls = 0, last = -1; quietPolls < 8; quietPolls += 1) {
        missing = missingChunks(
            input.program,
            (await readWritten(input.gateway.connection, buffer)) ?? new Uint8Array(),
        );
        if (missing.length === 0) return missing;
        if (missing.length !== last) quietPolls = 0;
        last = missing.length;
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return missing;
}

/**
 * Writes a program into a loader buffer; resumable: what stands in the buffer already is not sent again.
 *
 * @returns the buffer's address.
 * @throws Error when the cluster keeps losing writes.
 */
export async function writeProgramBuffer(input: WriteBufferInput): Promise<PublicKey> {
    const buffer = deriveBufferKeypair(input.payer, input.program);
    const written = await readWritten(input.gateway.connection, buffer.publicKey);
    if (!written) await createBuffer(input, buffer);
    let missing = missingChunks(input.program, written ?? new Uint8Array());
    for (let round = 0; missing.length > 0; round += 1) {
        if (round === MAX_ROUNDS)
            throw new Error(`${missing.length} of the program's writes do not arrive; is the cluster overloaded?`);
        await sendChunks(input, buffer.publicKey, missing);
        missing = await settleWrites(input, buffer.publicKey);
    }
    return buffer.publicKey;
}
