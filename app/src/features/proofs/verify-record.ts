import { fetchDeliveryCommitment, verifyRecordProof } from '@ocm/sdk';
import { decodeLeaf, fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import { COMMITMENTS_PATH, commitmentManifest, type RecordProof, recordProof } from '@ocm/sdk/http';
import { Connection, PublicKey } from '@solana/web3.js';
import { fetchJson } from '../../lib/bounded-fetch';
import { formatExactBytes, formatInteger, shorten } from '../../lib/format';

export interface VerificationStep {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
}

export interface SessionChoice {
    readonly tokenHash: string;
    readonly bytes: string;
    readonly objects: number;
}

export interface VerificationInput {
    readonly rpcUrl: string;
    readonly committerUrl: string;
    readonly commitment: string;
    /** The first session when absent. */
    readonly tokenHash?: string | undefined;
    readonly recordIndex: number;
    readonly onStep: (step: VerificationStep) => void;
    readonly signal?: AbortSignal;
}

export interface Verification {
    readonly verified: boolean;
    readonly sessions: readonly SessionChoice[];
    readonly tokenHash: string | null;
    readonly record: RecordProof['record'] | null;
    readonly recordCount: number;
}

const NOTHING: Verification = { verified: false, sessions: [], tokenHash: null, record: null, recordCount: 0 };

/**
 * Proves one log record up to the root on chain, in this browser. The chain is read directly, not through this site; the
 * committer is believed in nothing: every value that it sends is checked against the root.
 *
 * @throws when the chain or the committer does not answer.
 */
export async function verifyRecord(input: VerificationInput): Promise<Verification> {
    const { commitment, committerUrl, recordIndex, onStep, signal } = input;
    const connection = new Connection(input.rpcUrl, 'confirmed');
    const account = await fetchDeliveryCommitment(connection, new PublicKey(commitment));
    onStep({
        name: 'Read the commitment from the chain',
        ok: account !== null,
        detail: account
            ? `root ${shorten(toHex(account.root), 8)}, ${formatExactBytes(account.totalBytes)} in ${formatInteger(account.leafCount)} session${account.leafCount === 1 ? '' : 's'}`
            : 'The account does not exist (any more); its figures stand in the events of its transactions.',
    });
    if (!account) return NOTHING;

    const base = new URL(`${COMMITMENTS_PATH}/${commitment}`, committerUrl).toString();
    const within = signal ? { signal } : {};
    const manifest = await fetchJson({ url: base, schema: commitmentManifest, ...within });
    const sameRoot = manifest.root === toHex(account.root) && manifest.totalBytes === account.totalBytes.toString();
    onStep({
        name: 'Ask the operator’s committer what stands behind it',
        ok: sameRoot,
        detail: sameRoot
            ? 'It names the same root and total.'
            : `It names root ${shorten(manifest.root, 8)} and ${formatExactBytes(manifest.totalBytes)}: not what stands on chain.`,
    });
    const sessions = manifest.sessions.map((session): SessionChoice => {
        const leaf = decodeLeaf(fromBase64(session.leaf));
        return {
            tokenHash: toHex(hashToken(fromBase64(session.token))),
            bytes: leaf.bytes.toString(),
            objects: leaf.objects,
        };
    });
    const tokenHash = input.tokenHash ?? sessions[0]?.tokenHash ?? null;
    if (!tokenHash) return { ...NOTHING, sessions };

    const proof = await fetchJson({
        url: `${base}/proofs/${tokenHash}/${recordIndex}`,
        schema: recordProof,
        ...within,
    });
    const asked = proof.recordIndex === recordIndex && leafKey(proof) === tokenHash;
    onStep({
        name: 'Fetch the proof of one log record',
        ok: asked,
        detail: asked
            ? `record ${recordIndex + 1} of ${formatInteger(proof.recordCount)}, ${proof.auditPath.length} hashes to the session, ${proof.path.length} to the root`
            : 'The committer proves another record than the one asked for.',
    });
    const verdict = verifyRecordProof(proof, account);
    onStep({
        name: 'Record is in the session’s log',
        ok: verdict.recordInLeaf,
        detail: verdict.recordInLeaf
            ? 'Its salted fields hash to an entry of the log tree (RFC 9162).'
            : 'Its fields do not hash to an entry of the log tree.',
    });
    onStep({
        name: 'Session is under the root on chain',
        ok: verdict.leafInRoot,
        detail: verdict.leafInRoot
            ? 'Hashes and byte sums lead to exactly the root and total that stand on chain.'
            : 'Hashes or byte sums do not lead to the root on chain.',
    });
    return {
        verified: sameRoot && asked && verdict.verified,
        sessions,
        tokenHash,
        record: proof.record,
        recordCount: proof.recordCount,
    };
}

function leafKey(proof: RecordProof): string | null {
    try {
        return toHex(decodeLeaf(fromBase64(proof.leaf)).tokenHash);
    } catch {
        return null;
    }
}
