import { failure } from '@ocm/runtime';
import {
    assertEvidence,
    decodeToken,
    type EvidenceTerms,
    fromBase64,
    hashToken,
    type Leaf,
    type Token,
    toHex,
    verify,
} from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';

type Session = CommitmentManifest['sessions'][number];

/**
 * Whether the programs would take a session's token and receipt for its leaf: the rules of `prove_evidence` and no others.
 * A bond that is staked on a stricter rule than the chain's is lost.
 * @throws MKT_EVIDENCE__TOKEN_FORGED, _RECEIPT_FORGED, MKT_CORE__* as `assertEvidence`
 */
export function judgeSession(session: Session, leaf: Leaf, terms: Omit<EvidenceTerms, 'node'>): Token {
    const [token, receipt] = [fromBase64(session.token), fromBase64(session.receipt)];
    const decoded = decodeToken(token);
    const name = `session ${toHex(hashToken(token)).slice(0, 16)}`;
    if (!verify(terms.issuerKey, token, fromBase64(session.tokenSignature)))
        throw failure('MKT_EVIDENCE__TOKEN_FORGED', `${name}: its token is not signed by the contract's issuer`);
    if (!verify(decoded.clientPublicKey, receipt, fromBase64(session.receiptSignature)))
        throw failure('MKT_EVIDENCE__RECEIPT_FORGED', `${name}: its receipt is not signed by the token's client`);
    const { issuerKey } = terms;
    const signed = { issuerKey, token, clientKey: decoded.clientPublicKey, receipt };
    // Whether the node is the seller's is asked of the chain.
    assertEvidence({ terms: { ...terms, node: decoded.node }, signed, leaf });
    return decoded;
}
