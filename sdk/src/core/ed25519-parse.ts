import { COSIGN_BYTES } from './cosign.js';
import { PUBLIC_KEY_BYTES } from './ed25519.js';
import {
    COSIGN,
    DESCRIPTOR_BYTES,
    type Descriptor,
    ED25519_COSIGN_BYTES,
    ED25519_PAIR_BYTES,
    type Ed25519Cosign,
    type Ed25519Pair,
    HEADER_BYTES,
    PAIR,
    THIS_INSTRUCTION,
} from './ed25519-layout.js';
import { MarketplaceError } from './error.js';
import { FieldReader } from './fields.js';
import { RECEIPT_BYTES } from './receipt.js';
import { TOKEN_BYTES } from './token.js';

/** An instruction as the Instructions sysvar shows it. */
export interface Ed25519InstructionView {
    readonly data: Uint8Array;
    readonly accountsLength: number;
    /** Whether it is of the Ed25519 program. */
    readonly programIdMatches: boolean;
}

/**
 * Token and receipt with their signers, as the chain reads them.
 *
 * @throws MKT_CORE__ED25519_*, one per rule
 * @example const { issuerKey, token } = parseEd25519Pair({ data, accountsLength: 0, programIdMatches: true });
 */
export function parseEd25519Pair(view: Ed25519InstructionView): Ed25519Pair {
    assertLayout(view, ED25519_PAIR_BYTES, PAIR);
    const [tokenPlace, receiptPlace] = PAIR;
    return {
        issuerKey: view.data.slice(tokenPlace.publicKey, tokenPlace.publicKey + PUBLIC_KEY_BYTES),
        token: view.data.slice(tokenPlace.message, tokenPlace.message + TOKEN_BYTES),
        clientKey: view.data.slice(receiptPlace.publicKey, receiptPlace.publicKey + PUBLIC_KEY_BYTES),
        receipt: view.data.slice(receiptPlace.message, receiptPlace.message + RECEIPT_BYTES),
    };
}

/**
 * A co-signature with its signer, as the chain reads it.
 *
 * @throws MKT_CORE__ED25519_*, one per rule
 * @example const { publicKey, message } = parseEd25519Cosign({ data, accountsLength: 0, programIdMatches: true });
 */
export function parseEd25519Cosign(view: Ed25519InstructionView): Ed25519Cosign {
    assertLayout(view, ED25519_COSIGN_BYTES, COSIGN);
    const [place] = COSIGN;
    return {
        publicKey: view.data.slice(place.publicKey, place.publicKey + PUBLIC_KEY_BYTES),
        message: view.data.slice(place.message, place.message + COSIGN_BYTES),
    };
}

function assertLayout(view: Ed25519InstructionView, length: number, layout: readonly Descriptor[]): void {
    const { data } = view;
    if (!view.programIdMatches) throw new MarketplaceError('MKT_CORE__ED25519_PROGRAM_WRONG');
    if (view.accountsLength !== 0) {
        throw new MarketplaceError('MKT_CORE__ED25519_ACCOUNTS_NOT_EMPTY', { accounts: view.accountsLength });
    }
    if (data.length !== length) {
        throw new MarketplaceError('MKT_CORE__ED25519_LENGTH_WRONG', { length: data.length, expected: length });
    }
    if (data[0] !== layout.length) {
        throw new MarketplaceError('MKT_CORE__ED25519_COUNT_WRONG', { count: data[0], expected: layout.length });
    }
    if (data[1] !== 0) throw new MarketplaceError('MKT_CORE__ED25519_PADDING_NOT_ZERO');
    const reader = new FieldReader(data.subarray(HEADER_BYTES));
    for (const descriptor of layout) assertDescriptor(reader, descriptor);
}

function assertDescriptor(reader: FieldReader, wanted: Descriptor): void {
    const [signature, signatureIn, publicKey, publicKeyIn, message, messageLength, messageIn] = Array.from(
        { length: DESCRIPTOR_BYTES / 2 },
        () => reader.u16(),
    );
    if ([signatureIn, publicKeyIn, messageIn].some((index) => index !== THIS_INSTRUCTION)) {
        throw new MarketplaceError('MKT_CORE__ED25519_INSTRUCTION_INDEX_WRONG');
    }
    const isAtPlace =
        signature === wanted.signature &&
        publicKey === wanted.publicKey &&
        message === wanted.message &&
        messageLength === wanted.messageLength;
    if (!isAtPlace) throw new MarketplaceError('MKT_CORE__ED25519_OFFSET_WRONG', { ...wanted });
}
