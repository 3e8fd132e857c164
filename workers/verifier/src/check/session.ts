import { addressBytes } from '../chain/address.js';
import type { ManifestSession } from '../copy/layout.js';
import { equalBytes, fromBase64, toHex } from '../protocol/bytes.js';
import type { VerifySignature } from '../protocol/ed25519.js';
import { decodeLeaf, decodeReceipt, decodeToken, type Leaf, type Receipt, type Token } from '../protocol/messages.js';

export type SessionTerms = {
    contract: Uint8Array;
    clusterTag: number;
    epoch: number;
    epochEndSecs: bigint;
    epochLengthSecs: number;
    kind: number;
    issuer: Uint8Array | null;
    tokenGraceSecs: number;
    maxTokenBytes: bigint;
};
export type SessionCheck = {
    /** Hash of the token, hexadecimal; empty where the token cannot be read. */
    key: string;
    leaf: Leaf | null;
    problems: readonly string[];
};

const KIND_MULTICAST = 2;
/** How far a client's clock may be before its token, and how long a transfer may last after it (protocol 6.7). */
const RECEIPT_EARLY_SECS = 60n;
const RECEIPT_LATE_SECS = 600n;

/** Every rule of protocol 6.4 and 6.7 about one session; all that is broken is told, not the first alone. */
export function checkSession(session: ManifestSession, terms: SessionTerms, verify: VerifySignature): SessionCheck {
    const problems: string[] = [];
    const read = (name: keyof ManifestSession): Uint8Array => {
        const bytes = fromBase64(session[name]);
        if (bytes === null) problems.push(`${name} is not canonical base64`);
        return bytes ?? new Uint8Array();
    };
    const [tokenBytes, receiptBytes] = [read('token'), read('receipt')];
    const token = decodeToken(tokenBytes);
    const receipt = decodeReceipt(receiptBytes);
    const leaf = decodeLeaf(read('leaf'));
    const [tokenSignature, receiptSignature] = [read('tokenSignature'), read('receiptSignature')];
    if (token === null) problems.push('token is no token');
    else {
        problems.push(...judgeToken(token, session.node, terms));
        if (terms.issuer === null || !verify(terms.issuer, tokenBytes, tokenSignature))
            problems.push("token is not signed by the contract's issuer of the epoch");
    }
    if (receipt === null) problems.push('receipt is no receipt');
    else if (token !== null) {
        problems.push(...judgeReceipt(receipt, token));
        if (!verify(token.clientKey, receiptBytes, receiptSignature))
            problems.push("receipt is not signed by the token's client");
    }
    if (leaf === null) problems.push('leaf is no leaf');
    else if (token !== null && receipt !== null) problems.push(...judgeLeaf(leaf, token, receipt));
    return { key: token === null ? '' : toHex(token.hash), leaf, problems };
}

function judgeToken(token: Token, node: string, terms: SessionTerms): string[] {
    const rules: [boolean, string][] = [
        [equalBytes(token.contract, terms.contract), 'token is for another contract'],
        [token.clusterTag === terms.clusterTag, 'token is for another cluster'],
        [token.epoch === terms.epoch, `token is for epoch ${token.epoch}`],
        [equalBytes(token.node, addressBytes(node)), 'token is for another node than the manifest names'],
        [token.isMulticast === (terms.kind === KIND_MULTICAST), 'token is for another kind of delivery'],
        [isTimely(token, terms), 'token is not valid within its epoch'],
        [token.maxBytes <= terms.maxTokenBytes, `token allows ${token.maxBytes} bytes`],
    ];
    return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function isTimely({ notBeforeSecs, notAfterSecs }: Token, terms: SessionTerms): boolean {
    const latest = terms.epochEndSecs + BigInt(terms.tokenGraceSecs);
    const longest = terms.epochLengthSecs + terms.tokenGraceSecs;
    return notBeforeSecs < notAfterSecs && BigInt(notAfterSecs) <= latest && notAfterSecs - notBeforeSecs <= longest;
}

function judgeReceipt(receipt: Receipt, token: Token): string[] {
    const early = BigInt(token.notBeforeSecs) - RECEIPT_EARLY_SECS;
    const earliest = (early > 0n ? early : 0n) * 1000n;
    const latest = (BigInt(token.notAfterSecs) + RECEIPT_LATE_SECS) * 1000n;
    const rules: [boolean, string][] = [
        [equalBytes(receipt.tokenHash, token.hash), 'receipt is for another token'],
        [receipt.bytes <= token.maxBytes, `receipt says ${receipt.bytes} of at most ${token.maxBytes} bytes`],
        [receipt.lastMs >= earliest && receipt.lastMs <= latest, "receipt's last byte is outside the token's time"],
    ];
    return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function judgeLeaf(leaf: Leaf, token: Token, receipt: Receipt): string[] {
    const rules: [boolean, string][] = [
        [equalBytes(leaf.tokenHash, token.hash), 'leaf is of another token'],
        [leaf.bytes === receipt.bytes, `leaf says ${leaf.bytes} bytes, its receipt ${receipt.bytes}`],
        [leaf.objects === receipt.objects, `leaf says ${leaf.objects} objects, its receipt ${receipt.objects}`],
        [equalBytes(leaf.receiptHash, receipt.hash), 'leaf is of another receipt'],
    ];
    return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}
