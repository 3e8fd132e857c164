import { createPrivateKey, sign } from 'node:crypto';
import { type Keypair, type TransactionInstruction, TransactionMessage, VersionedTransaction } from '@solana/web3.js';

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs transactions of one instruction with OpenSSL. A deployment sends thousands, and web3.js takes some 10 ms for
 * each: it signs in JavaScript and, for legacy transactions, spells the data in base58 and back.
 *
 * @returns a function from an instruction to a serialised transaction of version 0, paid and signed by `payer`.
 */
export function createSigner(payer: Keypair, blockhash: string): (instruction: TransactionInstruction) => Uint8Array {
    const key = createPrivateKey({
        key: Buffer.concat([PKCS8_PREFIX, payer.secretKey.subarray(0, 32)]),
        format: 'der',
        type: 'pkcs8',
    });
    return (instruction) => {
        const message = new TransactionMessage({
            payerKey: payer.publicKey,
            recentBlockhash: blockhash,
            instructions: [instruction],
        }).compileToV0Message();
        return new VersionedTransaction(message, [sign(null, message.serialize(), key)]).serialize();
    };
}
