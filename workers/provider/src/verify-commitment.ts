import { checkSession, failure, KIND_COSIGNED_ONLY, KIND_RECEIPTED_UNICAST, toEvidenceTerms } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { buildSettlementTree, computeMaxEpochBytes, equalBytes, type Leaf, toHex } from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { Ledger } from './ledger.js';
import type { Commitment, ContractTerms } from './ports.js';
import { checkUnsigned } from './verify-unsigned.js';

/** Signatures are checked in slices, so that the HTTP interface answers meanwhile. */
const SESSIONS_PER_SLICE = 32;

export type VerifyInput = {
    manifest: CommitmentManifest;
    commitment: Commitment;
    contract: ContractTerms;
    nodes: readonly PublicKey[];
    clusterTag: number;
    ledger: Pick<Ledger, 'findToken' | 'listCopies'>;
    /** Bytes of an epoch without any receipt that are paid on the seller's word. */
    unsignedAllowanceBytes: bigint;
    signal: AbortSignal;
};

/**
 * Recomputes a commitment from its manifest and from what this worker knows itself; trusts nothing that the operator says
 * (protocol 6.8). Returns when it is right.
 * @throws MKT_PROVIDER__MANIFEST_FOREIGN (what was served is not what was committed to), _KIND_UNSUPPORTED, _TOKEN_NOT_ISSUED,
 * _UNSIGNED_NOT_ALLOWED, _TOTALS_WRONG, _RECEIPT_OMITTED, _RECEIPT_UNDERCUT, _ISSUER_NOT_IN_FORCE, MKT_EVIDENCE__*, MKT_CORE__*
 */
export async function verifyCommitment(input: VerifyInput): Promise<void> {
    assertManifestMatches(input);
    if (input.commitment.kind === KIND_COSIGNED_ONLY) return assertTotals(input.commitment, checkUnsigned(input));
    const leaves = await checkSessions(input);
    assertTotals(input.commitment, [...leaves.values()]);
    assertNothingHidden(input, leaves);
}

function assertManifestMatches({ manifest, commitment }: VerifyInput): void {
    const foreign = (field: string) =>
        failure(
            'MKT_PROVIDER__MANIFEST_FOREIGN',
            `the committer's manifest has another ${field} than commitment ${commitment.address.toBase58()} on chain`,
        );
    if (manifest.commitment !== commitment.address.toBase58()) throw foreign('commitment');
    if (manifest.contract !== commitment.contract.toBase58()) throw foreign('contract');
    if (manifest.epoch !== commitment.epoch || manifest.kind !== commitment.kind) throw foreign('epoch or kind');
    if (computeManifestHash(manifest) !== toHex(commitment.manifestHash)) throw foreign('hash');
    if (commitment.kind !== KIND_RECEIPTED_UNICAST && commitment.kind !== KIND_COSIGNED_ONLY)
        throw failure(
            'MKT_PROVIDER__KIND_UNSUPPORTED',
            `deliveries of kind ${commitment.kind} are not co-signed by this worker`,
        );
}

async function checkSessions(input: VerifyInput): Promise<Map<string, Leaf>> {
    const { manifest, commitment, contract, nodes, clusterTag, ledger, signal } = input;
    const issuer = findIssuerInForce(contract, commitment.epoch);
    if (issuer === null)
        throw failure('MKT_PROVIDER__ISSUER_NOT_IN_FORCE', `the contract has no issuer in epoch ${commitment.epoch}`);
    const nodesByName = new Map(nodes.map((node) => [node.toBase58(), node]));
    const leaves = new Map<string, Leaf>();
    for (const [index, session] of manifest.sessions.entries()) {
        if (index % SESSIONS_PER_SLICE === 0) {
            await new Promise(setImmediate);
            signal.throwIfAborted();
        }
        const node = nodesByName.get(session.node);
        if (node === undefined)
            throw failure('MKT_EVIDENCE__TOKEN_FOREIGN', `node ${session.node} sells no capacity under this contract`);
        const { epoch, kind } = commitment;
        const { key, leaf } = checkSession(
            session,
            toEvidenceTerms(contract, { clusterTag, epoch, kind, node, issuer }),
        );
        // A signature of the issuer's key alone is not enough: it could be leaked, the list of what was issued is ours.
        if (ledger.findToken(key) === undefined)
            throw failure(
                'MKT_PROVIDER__TOKEN_NOT_ISSUED',
                `token ${key} carries our signature but was not issued by this worker`,
            );
        if (leaves.has(key)) throw failure('MKT_PROVIDER__SESSION_TWICE', `token ${key} is counted twice`);
        leaves.set(key, leaf);
    }
    return leaves;
}

function assertTotals(commitment: Commitment, leaves: readonly Leaf[]): void {
    // The seller chooses a depth at which it can prove every leaf in one transaction; any that holds the leaves will do.
    const tree = buildSettlementTree(leaves, { depth: commitment.depth });
    const wrong = (field: string, recomputed: unknown, committed: unknown) =>
        failure('MKT_PROVIDER__TOTALS_WRONG', `recomputed ${field} is ${recomputed}, the commitment says ${committed}`);
    if (tree.totalBytes !== commitment.totalBytes) throw wrong('total', tree.totalBytes, commitment.totalBytes);
    if (tree.leafCount !== commitment.leafCount) throw wrong('leaf count', tree.leafCount, commitment.leafCount);
    if (!equalBytes(tree.root, commitment.root)) throw wrong('root', toHex(tree.root), toHex(commitment.root));
}

/**
 * Sessions that went badly must not vanish: their receipts carry the SLA evidence (security.md 2.2, A10). Left out may only
 * be what exceeds the contract's cap, which could not be committed to anyway.
 */
function assertNothingHidden({ commitment, contract, ledger }: VerifyInput, leaves: ReadonlyMap<string, Leaf>): void {
    let omittedBytes = 0n;
    let omitted = 0;
    let example = '';
    for (const { key, receipt } of ledger.listCopies(commitment.contract, commitment.epoch)) {
        const leaf = leaves.get(key);
        if (leaf === undefined && receipt.bytes > 0n) {
            omittedBytes += receipt.bytes;
            omitted += 1;
            example = key;
        }
        if (leaf !== undefined && leaf.bytes < receipt.bytes)
            throw failure(
                'MKT_PROVIDER__RECEIPT_UNDERCUT',
                `token ${key} is committed with ${leaf.bytes} bytes, its client's receipt says ${receipt.bytes}`,
            );
    }
    if (omitted > 0 && commitment.totalBytes + omittedBytes <= computeMaxEpochBytes(contract))
        throw failure(
            'MKT_PROVIDER__RECEIPT_OMITTED',
            `${omitted} sessions of ${omittedBytes} bytes with receipts are left out, one of them token ${example}`,
        );
}
