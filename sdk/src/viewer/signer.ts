import { type KeyPair, MarketplaceError, publicKeyOf, sign } from '../core/index.js';

/** Whoever holds the session's Ed25519 key. One fresh key per token (security.md 3.2, P1): a reused key links sessions. */
export interface ReceiptSigner {
    /** 32 bytes. */
    readonly publicKey: Uint8Array;
    /** Ed25519 over the exact message; 64 bytes. */
    sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A signer over a 32-byte secret seed kept in memory: for processes, which have no key store. */
export function createSeedSigner(secretSeed: Uint8Array): ReceiptSigner {
    if (secretSeed.length !== 32) {
        throw new MarketplaceError(
            'MKT_SDK__SIGNER_SEED_INVALID',
            {},
            {
                message: `the client's secret seed has ${secretSeed.length} bytes; pass the 32 bytes of generateKeyPair()`,
            },
        );
    }
    const seed = secretSeed.slice();
    return { publicKey: publicKeyOf(seed), sign: (message) => sign(seed, message) };
}

/** A signing key whose secret half no script can read out; `privateKey` survives in IndexedDB, still locked. */
export type LockedKey = { readonly publicKey: Uint8Array; readonly privateKey: CryptoKey };

/**
 * A fresh WebCrypto Ed25519 key, not extractable: a script injected into the page can sign while it runs, but cannot take
 * the key away.
 * @throws MKT_SDK__SIGNER_UNSUPPORTED where the browser lacks WebCrypto Ed25519 or the page is not a secure context.
 */
export async function createLockedKey(): Promise<LockedKey> {
    const subtle = globalThis.crypto?.subtle;
    try {
        if (subtle === undefined) throw new Error('crypto.subtle is not available');
        const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
        const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
        return { publicKey, privateKey: pair.privateKey };
    } catch (cause) {
        throw new MarketplaceError(
            'MKT_SDK__SIGNER_UNSUPPORTED',
            {},
            {
                message: 'this browser has no WebCrypto Ed25519 here; use https or localhost, or createSeedSigner()',
                cause,
            },
        );
    }
}

/** The key of one session, wherever it is kept: the secret half in memory, or locked. */
export type SessionKey = LockedKey | KeyPair;

export function createKeySigner(key: SessionKey): ReceiptSigner {
    return 'privateKey' in key ? createLockedSigner(key) : createSeedSigner(key.secretSeed);
}

export function createLockedSigner({ publicKey, privateKey }: LockedKey): ReceiptSigner {
    return {
        publicKey,
        sign: async (message) =>
            new Uint8Array(await globalThis.crypto.subtle.sign('Ed25519', privateKey, message.slice())),
    };
}
