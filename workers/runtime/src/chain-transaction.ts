import {
    ComputeBudgetProgram,
    type Keypair,
    type TransactionInstruction,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { encodeBase58 } from './base58.js';
import { failure } from './errors.js';

/** Longest transaction that a cluster takes. */
const MAX_TRANSACTION_BYTES = 1_232;
/** What each instruction may use without asking for more. */
const DEFAULT_COMPUTE_UNITS = 200_000;

export type TransactionInput = {
    instructions: TransactionInstruction[];
    /** Pays fee and rent; always signs. */
    payer: Keypair;
    signers?: Keypair[];
    /** Names the intent in logs and errors, for example `commit_delivery`. */
    label: string;
};
/** `price`: micro-lamports per compute unit. */
export type TransactionTerms = { blockhash: string; units: number; price: number };
export type SignedTransaction = { raw: Uint8Array; signature: string; lastValidBlockHeight: number };

/**
 * With compute limit and priority fee; without them where only that makes it fit: a proof from a large tree is worth more
 * than its place in the queue.
 * @throws MKT_RUNTIME__TRANSACTION_TOO_LARGE
 */
export function compileTransaction(input: TransactionInput, terms: TransactionTerms): VersionedTransaction {
    const { instructions, label } = input;
    const budget = [
        ComputeBudgetProgram.setComputeUnitLimit({ units: terms.units }),
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: terms.price }),
    ];
    const full = compile(input, terms.blockhash, [...budget, ...instructions]);
    if (full !== null) return full;
    const isCheap = terms.price === 0 || terms.units <= DEFAULT_COMPUTE_UNITS * instructions.length;
    const bare = isCheap ? compile(input, terms.blockhash, instructions) : null;
    if (bare !== null) return bare;
    throw failure(
        'MKT_RUNTIME__TRANSACTION_TOO_LARGE',
        `${label}: the instructions do not fit one transaction of ${MAX_TRANSACTION_BYTES} bytes; send fewer at once`,
        { label },
    );
}

export function signTransaction(
    input: TransactionInput,
    terms: TransactionTerms,
): Omit<SignedTransaction, 'lastValidBlockHeight'> {
    const transaction = compileTransaction(input, terms);
    transaction.sign(distinctSigners(input));
    const [first] = transaction.signatures;
    if (first === undefined) throw new Error('a compiled transaction has a signature slot for its payer');
    return { raw: transaction.serialize(), signature: encodeBase58(first) };
}

/** Null when it does not fit. */
function compile(
    { payer }: TransactionInput,
    recentBlockhash: string,
    instructions: TransactionInstruction[],
): VersionedTransaction | null {
    const message = new TransactionMessage({ payerKey: payer.publicKey, recentBlockhash, instructions });
    try {
        const transaction = new VersionedTransaction(message.compileToV0Message());
        return transaction.serialize().length > MAX_TRANSACTION_BYTES ? null : transaction;
    } catch (error) {
        if (error instanceof RangeError) return null;
        throw error;
    }
}

function distinctSigners({ payer, signers = [] }: TransactionInput): Keypair[] {
    return [payer, ...signers.filter((signer) => !signer.publicKey.equals(payer.publicKey))];
}
