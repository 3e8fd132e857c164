import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { encodeBase58 } from './addresses.js';

/** What makes one cluster itself; drawn at random at its genesis and kept with its state. */
export interface ClusterIdentity {
    /** Base58, as `getGenesisHash` answers. */
    readonly genesisHash: string;
    /** 32 bytes behind all slot hashes; never leaves the process but for the state folder. */
    readonly slotHashSecret: Uint8Array;
    /** Ed25519 seed of the faucet. */
    readonly faucetSeed: Uint8Array;
}

export function createIdentity(): ClusterIdentity {
    return {
        genesisHash: encodeBase58(createHash('sha256').update(randomBytes(32)).digest()),
        slotHashSecret: randomBytes(32),
        faucetSeed: randomBytes(32),
    };
}

/** DER prefix of a PKCS#8 Ed25519 private key (RFC 8410), before its 32-byte seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key pair out of its seed, by Node's own OpenSSL. */
export class SigningKey {
    readonly publicKey: Uint8Array;
    private readonly key: KeyObject;

    constructor(seed: Uint8Array) {
        this.key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
        this.publicKey = createPublicKey(this.key).export({ format: 'der', type: 'spki' }).subarray(-32);
    }

    get address(): string {
        return encodeBase58(this.publicKey);
    }

    sign(message: Uint8Array): Uint8Array {
        return sign(null, message, this.key);
    }
}
