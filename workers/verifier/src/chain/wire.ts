import { VersionedTransaction } from '@solana/web3.js';
import { equalBytes } from '../protocol/bytes.js';
import type { VerifySignature } from '../protocol/ed25519.js';
import { toAddress } from './address.js';

export type WireInstruction = { programId: string; keys: readonly string[]; data: Uint8Array };
export type WireTransaction = { instructions: readonly WireInstruction[]; keys: readonly string[] };

/** Programs of the runtime itself that write no log lines when they run. */
export const PRECOMPILES: ReadonlySet<string> = new Set([
    'Ed25519SigVerify111111111111111111111111111',
    'KeccakSecp256k11111111111111111111111111111',
    'Secp256r1SigVerify1111111111111111111111111',
]);

/** A transaction whose signatures all verify, or why it is none. */
export function readWire(wire: Uint8Array, verify: VerifySignature): WireTransaction | { problem: string } {
    let transaction: VersionedTransaction;
    try {
        transaction = VersionedTransaction.deserialize(wire);
    } catch {
        return { problem: 'its bytes are no transaction' };
    }
    const { message, signatures } = transaction;
    const body = message.serialize();
    const signed = wire.subarray(wire.length - body.length);
    // The reader does not mind bytes after the message; the signatures would not cover them.
    if (!equalBytes(transaction.serialize(), wire) || !equalBytes(signed, body))
        return { problem: 'its bytes are not the one form of a transaction' };
    if (message.addressTableLookups.length > 0)
        return { problem: 'it takes accounts from lookup tables, which this version does not follow' };
    if (signatures.length !== message.header.numRequiredSignatures) return { problem: 'it lacks signatures' };
    const keys = message.staticAccountKeys;
    for (const [place, signature] of signatures.entries()) {
        const key = keys[place]?.toBytes();
        if (key === undefined || !verify(key, signed, signature))
            return { problem: `signature ${place + 1} does not verify` };
    }
    const addresses = keys.map((key) => toAddress(key.toBytes()));
    return {
        keys: addresses,
        instructions: message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
            programId: addresses[programIdIndex] ?? '',
            keys: accountKeyIndexes.map((index) => addresses[index] ?? ''),
            data,
        })),
    };
}
