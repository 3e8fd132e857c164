import { concatBytes } from './bytes.js';
import { COSIGN_BYTES } from './cosign.js';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './ed25519.js';
import {
    COSIGN,
    DESCRIPTOR_BYTES,
    type Descriptor,
    ED25519_COSIGN_BYTES,
    ED25519_PAIR_BYTES,
    type Ed25519Cosign,
    type Ed25519Pair,
    PAIR,
    THIS_INSTRUCTION,
} from './ed25519-layout.js';
import { assertLength, FieldWriter } from './fields.js';
import { RECEIPT_BYTES } from './receipt.js';
import { TOKEN_BYTES } from './token.js';

/**
 * Data of the instruction of the Ed25519 program that has to come right before a proof of evidence, 494 bytes in the one
 * layout that is accepted (security 4.3). The instruction has no accounts.
 *
 * @throws MKT_CORE__FIELD_LENGTH_WRONG
 * @example new TransactionInstruction({ programId: Ed25519Program.programId, keys: [], data: Buffer.from(encodeEd25519PairData(pair)) });
 */
export function encodeEd25519PairData(
    pair: Ed25519Pair & { readonly tokenSignature: Uint8Array; readonly receiptSignature: Uint8Array },
): Uint8Array {
    const [tokenPlace, receiptPlace] = PAIR;
    return encodeData(ED25519_PAIR_BYTES, PAIR, [
        ['issuerKey', pair.issuerKey, tokenPlace.publicKey, PUBLIC_KEY_BYTES],
        ['tokenSignature', pair.tokenSignature, tokenPlace.signature, SIGNATURE_BYTES],
        ['clientKey', pair.clientKey, receiptPlace.publicKey, PUBLIC_KEY_BYTES],
        ['receiptSignature', pair.receiptSignature, receiptPlace.signature, SIGNATURE_BYTES],
        ['token', pair.token, tokenPlace.message, TOKEN_BYTES],
        ['receipt', pair.receipt, receiptPlace.message, RECEIPT_BYTES],
    ]);
}

/**
 * Data of the instruction of the Ed25519 program for a co-signature, 240 bytes.
 *
 * @throws MKT_CORE__FIELD_LENGTH_WRONG
 * @example encodeEd25519CosignData({ publicKey, signature: sign(secretSeed, message), message: encodeCosign(cosign) });
 */
export function encodeEd25519CosignData(cosign: Ed25519Cosign & { readonly signature: Uint8Array }): Uint8Array {
    const [place] = COSIGN;
    return encodeData(ED25519_COSIGN_BYTES, COSIGN, [
        ['publicKey', cosign.publicKey, place.publicKey, PUBLIC_KEY_BYTES],
        ['signature', cosign.signature, place.signature, SIGNATURE_BYTES],
        ['message', cosign.message, place.message, COSIGN_BYTES],
    ]);
}

type Part = readonly [name: string, bytes: Uint8Array, offset: number, length: number];

function encodeData(length: number, layout: readonly Descriptor[], parts: readonly Part[]): Uint8Array {
    const data = new Uint8Array(length);
    data.set(encodeHeader(layout));
    for (const [name, bytes, offset, partLength] of parts) {
        assertLength(name, bytes, partLength);
        data.set(bytes, offset);
    }
    return data;
}

/** Field order of the Ed25519 program: each offset is followed by the index of the instruction that it points into. */
function encodeHeader(layout: readonly Descriptor[]): Uint8Array {
    const descriptors = layout.map(({ signature, publicKey, message, messageLength }) =>
        new FieldWriter(DESCRIPTOR_BYTES)
            .u16('signature', signature)
            .u16('signatureInstruction', THIS_INSTRUCTION)
            .u16('publicKey', publicKey)
            .u16('publicKeyInstruction', THIS_INSTRUCTION)
            .u16('message', message)
            .u16('messageLength', messageLength)
            .u16('messageInstruction', THIS_INSTRUCTION)
            .finish(),
    );
    return concatBytes(Uint8Array.of(layout.length, 0), ...descriptors);
}
