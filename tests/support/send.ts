import { decodeEvents, describeProgramError, type MarketplaceEvent, type ProgramErrorDescription } from '@ocm/sdk';
import { ComputeBudgetProgram, type Keypair, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { expect } from 'vitest';
import type { TestCluster } from './cluster.js';
import { REAL_RPC_URL, waitForTransaction } from './real-cluster.js';
import { recordTransaction } from './recording.js';
import { expectRentReturned } from './rent.js';
import { signToWire } from './sign.js';

/** What one transaction may use at most; the regression limits of tests are tighter. */
const MAX_COMPUTE_UNITS = 1_400_000;

export interface Sent {
    readonly signature: string;
    readonly events: MarketplaceEvent[];
    readonly computeUnits: number;
}

/**
 * Sends instructions in one transaction and decodes its events. The first signer pays the fee, the deployer when there
 * is none.
 */
export async function send(
    { cluster, connection, deployer }: TestCluster,
    instructions: readonly TransactionInstruction[],
    signers: readonly Keypair[] = [],
): Promise<Sent> {
    // A further slot brings another blockhash: the same instructions sent twice are two transactions.
    cluster.advanceSlots(1);
    const payer = signers[0] ?? deployer;
    const transaction = new Transaction({ feePayer: payer.publicKey }).add(
        ComputeBudgetProgram.setComputeUnitLimit({ units: MAX_COMPUTE_UNITS }),
        ...instructions,
    );
    // Asked for each time: the connection would keep one for half a minute, and a test may jump beyond its life.
    transaction.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
    const wire = signToWire(transaction, [payer, ...signers]);
    const signature = await connection.sendRawTransaction(wire);
    const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const;
    const landed = REAL_RPC_URL
        ? await waitForTransaction(connection, signature)
        : await connection.getTransaction(signature, options);
    if (landed === null) throw new Error(`transaction ${signature} is not found`);
    if (landed.meta?.err) throw new Error(`transaction ${signature} failed: ${JSON.stringify(landed.meta.err)}`);
    recordTransaction(transaction, wire.length, landed);
    expectRentReturned(transaction, landed);
    return { signature, events: decodeEvents(landed), computeUnits: landed.meta?.computeUnitsConsumed ?? 0 };
}

/**
 * The refusal of a transaction, as the SDK describes it. Fails when it is not refused, or not by a program.
 *
 * @example expect(await refusalOf(send(market, instructions, [owner]))).toMatchObject({ program: 'registry', name: 'NotOwner' });
 */
export async function refusalOf(sending: Promise<unknown>): Promise<ProgramErrorDescription> {
    try {
        await sending;
    } catch (error) {
        const description = describeProgramError(error);
        if (description === null) throw error;
        return description;
    }
    throw new Error('the transaction was accepted');
}

/** Expects that a program refuses with one of its errors. */
export async function expectRefusal(
    sending: Promise<unknown>,
    program: ProgramErrorDescription['program'],
    name: string,
): Promise<void> {
    expect(await refusalOf(sending)).toMatchObject({ program, name });
}
