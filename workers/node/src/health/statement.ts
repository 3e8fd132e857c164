import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';

const SPKI_LIMIT = 800;
const ORIGIN_LIMIT = 255;
const base64 = (most: number) => z.base64().max(most);

/** `https://host` or `https://host:port`, as its certificate names it: no path, no query, no credentials. */
export const httpsOrigin = z
    .url({ protocol: /^https$/ })
    .max(ORIGIN_LIMIT)
    .refine(
        (text) => URL.canParse(text) && new URL(text).origin === text,
        'must be an origin alone, as https://relay-1.example.net',
    );

/** What a node says of itself when it is asked how it is. */
export const healthStatement = z.object({
    node: z.string().min(32).max(44),
    /** Of the question: an old answer is no answer. */
    nonce: z.string().regex(/^[0-9a-f]{32}$/),
    /** Unix milliseconds by the node's own clock. */
    atMs: z.number().int(),
    acceptsViewers: z.boolean(),
    reason: z.string().max(64).nullable(),
    openSessions: z.number().int().nonnegative(),
    /** Sent to viewers in the last seconds. */
    egressKilobitsPerSecond: z.number().int().nonnegative(),
    /** Where viewers reach it by https; nodes of before do not say. */
    publicUrl: httpsOrigin.nullable().default(null),
});
export type HealthStatement = z.infer<typeof healthStatement>;

/** The statement as text, so that what is signed is what is read. */
export const signedStatement = z.object({
    statement: z.string().max(2_048),
    signature: base64(1_024).nullable(),
    /** SubjectPublicKeyInfo, DER. */
    publicKey: base64(SPKI_LIMIT).nullable(),
});
export type SignedStatement = z.infer<typeof signedStatement>;

/** The key of a node: the account on chain names the SHA-256 of its SubjectPublicKeyInfo (`tlsSpki`). */
export interface Identity {
    privateKey: KeyObject;
    publicKeyDer: Buffer;
    spkiHex: string;
}

export function createIdentity(privateKey: KeyObject): Identity {
    const publicKeyDer = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    return { privateKey, publicKeyDer, spkiHex: createHash('sha256').update(publicKeyDer).digest('hex') };
}

/** Says what a signature is for: one over a statement is worth nothing anywhere else. */
const domain = (purpose: string, text: string): Buffer => Buffer.from(`OCM/${purpose}/v1\n${text}`);
/** Ed25519 hashes by itself; other keys sign SHA-256. */
const digestOf = ({ asymmetricKeyType }: KeyObject): string | null =>
    asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448' ? null : 'sha256';

export function signText(purpose: string, text: string, identity: Identity | null): SignedStatement {
    if (identity === null) return { statement: text, signature: null, publicKey: null };
    const { privateKey, publicKeyDer } = identity;
    const signature = sign(digestOf(privateKey), domain(purpose, text), privateKey);
    return {
        statement: text,
        signature: signature.toString('base64'),
        publicKey: publicKeyDer.toString('base64'),
    };
}

/** Whether the text is signed by the key whose SubjectPublicKeyInfo has this SHA-256. */
export function isSignedBy(purpose: string, signed: SignedStatement, spkiHex: string): boolean {
    const { statement, signature, publicKey } = signed;
    if (signature === null || publicKey === null) return false;
    const der = Buffer.from(publicKey, 'base64');
    if (createHash('sha256').update(der).digest('hex') !== spkiHex) return false;
    try {
        const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
        return verify(digestOf(key), domain(purpose, statement), key, Buffer.from(signature, 'base64'));
    } catch {
        return false;
    }
}
