import { failure } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import {
    buildSettlementTree,
    decodeLeaf,
    decodeToken,
    equalBytes,
    fromBase64,
    hashToken,
    proveTarget,
    type SettlementTree,
    toHex,
} from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { Commitment, ContractTerms, LeafProof } from './ports.js';
import type { CommitmentStore } from './store.js';

/** Trees of a quarter million sessions weigh some hundred megabytes each; few commitments are proved at a time. */
export const MAX_OPEN_TREES = 4;

type StoredSession = CommitmentManifest['sessions'][number];
export type OpenedManifest = { tree: SettlementTree; sessions: ReadonlyMap<string, StoredSession> };
export type CommitmentProofs = { at(target: bigint): LeafProof };

/** Proofs of leaves out of the stored manifests, which are all that they need. */
export class ProofBook {
    readonly #store: CommitmentStore;
    readonly #opened = new Map<string, OpenedManifest>();

    constructor(store: CommitmentStore) {
        this.#store = store;
    }

    /**
     * @throws MKT_COMMITTER__MANIFEST_MISSING, _MANIFEST_FOREIGN (it is not what the chain holds), _ISSUER_MISSING,
     * _STORE_CORRUPT
     */
    async open(
        contract: Pick<ContractTerms, 'issuer' | 'issuerFromEpoch'>,
        commitment: Pick<Commitment, 'address' | 'epoch' | 'root'>,
    ): Promise<CommitmentProofs> {
        const issuer = findIssuerInForce(contract, commitment.epoch);
        if (issuer === null)
            throw failure('MKT_COMMITTER__ISSUER_MISSING', `the contract has no issuer in epoch ${commitment.epoch}`);
        const { tree, sessions } = await this.#read(commitment);
        return {
            at: (target) => {
                const session = sessions.get(toHex(tree.find(target)));
                if (session === undefined) throw new Error('the tree is built of these sessions');
                return {
                    inclusion: proveTarget(tree, target),
                    node: new PublicKey(session.node),
                    evidence: toSignedEvidence(session, issuer),
                };
            },
        };
    }

    async #read({ address, root }: Pick<Commitment, 'address' | 'root'>): Promise<OpenedManifest> {
        const name = address.toBase58();
        const known = this.#opened.get(name);
        if (known !== undefined) return known;
        const manifest = await this.#store.readManifest(name);
        if (manifest === null)
            throw failure(
                'MKT_COMMITTER__MANIFEST_MISSING',
                `the manifest of commitment ${name} is not in dataDir, so nothing of it can be proved; restore its folder from a backup, or have the content provider co-sign`,
            );
        const opened = openManifest(manifest);
        if (!equalBytes(opened.tree.root, root))
            throw failure(
                'MKT_COMMITTER__MANIFEST_FOREIGN',
                `the stored manifest of commitment ${name} has another root than the chain; restore its folder from a backup`,
            );
        const [oldest] = this.#opened.keys();
        if (this.#opened.size >= MAX_OPEN_TREES && oldest !== undefined) this.#opened.delete(oldest);
        this.#opened.set(name, opened);
        return opened;
    }
}

export function openManifest({ sessions, depth }: CommitmentManifest): OpenedManifest {
    const byKey = new Map(sessions.map((session) => [toHex(hashToken(fromBase64(session.token))), session]));
    return {
        tree: buildSettlementTree(
            sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf))),
            { depth },
        ),
        sessions: byKey,
    };
}

function toSignedEvidence(session: StoredSession, issuer: PublicKey): LeafProof['evidence'] {
    const token = fromBase64(session.token);
    return {
        issuerKey: issuer.toBytes(),
        token,
        tokenSignature: fromBase64(session.tokenSignature),
        clientKey: decodeToken(token).clientPublicKey,
        receipt: fromBase64(session.receipt),
        receiptSignature: fromBase64(session.receiptSignature),
    };
}
