import { sign } from 'node:crypto';
import { type Keypair, type Transaction, VersionedTransaction } from '@solana/web3.js';

const SEED_BYTES = 32;
const encode = (half: Uint8Array): string => Buffer.from(half).toString('base64url');

/** Ed25519 by OpenSSL: the tests sign some hundred thousand times, and in JavaScript that takes ten times as long. */
export function signNatively(secretSeed: Uint8Array, publicKey: Uint8Array, message: Uint8Array): Uint8Array {
    const key = { kty: 'OKP', crv: 'Ed25519', d: encode(secretSeed), x: encode(publicKey) };
    return sign(null, message, { key, format: 'jwk' });
}

/**
 * What goes over the wire. web3.js verifies what it has signed, which the cluster does anyway: both together were a fifth of the time
 * of all tests on a chain.
 *
 * @throws Error when a signer is missing
 */
export function signToWire(transaction: Transaction, signers: readonly Keypair[]): Uint8Array {
    const message = transaction.compileMessage();
    const bytes = message.serialize();
    const signatures = message.accountKeys.slice(0, message.header.numRequiredSignatures).map((key) => {
        const signer = signers.find(({ publicKey }) => publicKey.equals(key));
        if (signer === undefined) throw new Error(`the transaction wants a signature of ${key.toBase58()}`);
        return signNatively(signer.secretKey.subarray(0, SEED_BYTES), key.toBytes(), bytes);
    });
    return new VersionedTransaction(message, signatures).serialize();
}
