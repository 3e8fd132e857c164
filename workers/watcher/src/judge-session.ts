import { checkSession } from '@ocm/runtime';
import { decodeToken, type EvidenceTerms, fromBase64, type Token } from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';

type Session = CommitmentManifest['sessions'][number];

/**
 * Whether the programs would take a session's token and receipt for its leaf: the rules of `prove_evidence` and no others.
 * A bond that is staked on a stricter rule than the chain's is lost.
 * @throws as `checkSession`
 */
export function judgeSession(session: Session, terms: Omit<EvidenceTerms, 'node'>): Token {
    // Whether the node is the seller's is asked of the chain.
    const { node } = decodeToken(fromBase64(session.token));
    return checkSession(session, { ...terms, node }).token;
}
