import type { ChainGateway } from '@ocm/runtime';
import { fetchDeliveryCommitment, verifyRecordProof } from '@ocm/sdk';
import { decodeToken, fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import { COMMITMENTS_PATH, commitmentManifest, recordProof } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';

async function getJson(url: string): Promise<unknown> {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    return response.json();
}

/**
 * Takes the first session of a commitment, asks the committer to prove that session's last log record, and verifies the
 * proof against the root that the chain holds.
 */
export async function verifyOneRecord(
    gateway: ChainGateway,
    committerUrl: string,
    commitment: PublicKey,
): Promise<boolean> {
    const account = await fetchDeliveryCommitment(gateway.connection, commitment);
    if (!account) throw new Error(`the commitment ${commitment.toBase58()} is not on chain`);
    const base = `${committerUrl}${COMMITMENTS_PATH}/${commitment.toBase58()}`;
    const manifest = commitmentManifest.parse(await getJson(base));
    const session = manifest.sessions[0];
    if (!session) return false;
    const tokenHash = toHex(hashToken(decodeToken(fromBase64(session.token))));
    const first = recordProof.parse(await getJson(`${base}/proofs/${tokenHash}/0`));
    const last = recordProof.parse(await getJson(`${base}/proofs/${tokenHash}/${first.recordCount - 1}`));
    return [first, last].every((proof) => verifyRecordProof(proof, account).verified);
}
