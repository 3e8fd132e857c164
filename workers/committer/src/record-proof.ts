import { failure } from '@ocm/runtime';
import { fromHex, toHex } from '@ocm/sdk/core';
import type { CommitmentManifest, CommittedRecords, RecordPage, RecordProof } from '@ocm/sdk/http';
import { type OpenedManifest, openManifest } from './proofs.js';
import type { RecordSource } from './record-source.js';
import type { CommitmentStore } from './store.js';

export type ProofRequest = { commitment: string; tokenHash: string; recordIndex: number };
export type PageRequest = { commitment: string; tokenHash: string; from: number; limit: number };
type Opened = OpenedManifest & { manifest: CommitmentManifest };

/** Commitments that somebody reads right now; a tree of a quarter million sessions weighs some hundred megabytes. */
const MAX_OPEN = 2;

/** Records of committed sessions: asked of their nodes, proved up to the root on chain before anybody is told of them. */
export class CommittedLogs {
    readonly #store: Pick<CommitmentStore, 'readManifest'>;
    readonly #source: RecordSource;
    readonly #opened = new Map<string, Opened>();
    readonly #opening = new Map<string, Promise<Opened>>();
    /** Ends when nothing is being opened. */
    #turn: Promise<unknown> = Promise.resolve();

    constructor(store: Pick<CommitmentStore, 'readManifest'>, source: RecordSource) {
        this.#store = store;
        this.#source = source;
    }

    /**
     * One log record up to the root on chain: salted fields → RFC 9162 audit path → `log_root` in the leaf → settlement tree.
     * @throws MKT_COMMITTER__COMMITMENT_UNKNOWN, _SESSION_UNKNOWN, _RECORD_UNKNOWN, _EVIDENCE_ERASED, _NODE_AWAY, _NODE_LIES
     */
    async prove({ commitment, tokenHash, recordIndex }: ProofRequest, signal: AbortSignal): Promise<RecordProof> {
        const opened = await this.#open(commitment);
        const { session, page } = await this.#read(opened, { tokenHash, from: recordIndex, limit: 1 }, signal);
        const [record] = page.records;
        if (record === undefined)
            throw failure(
                'MKT_COMMITTER__RECORD_UNKNOWN',
                `session ${tokenHash} has no record at index ${recordIndex}`,
            );
        const { bucket, path } = opened.tree.prove(fromHex(tokenHash));
        return {
            commitment,
            record: { fields: record.fields },
            recordIndex,
            recordCount: page.recordCount,
            // Of a range of one record the path is its inclusion proof.
            auditPath: page.path,
            leaf: session.leaf,
            bucket: bucket.map(({ key, leafHash, bytes }) => ({
                key: toHex(key),
                leafHash: toHex(leafHash),
                bytes: bytes.toString(),
            })),
            path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: sum.toString() })),
        };
    }

    /** A page of one session's records. @throws as {@link prove} */
    async page({ commitment, ...request }: PageRequest, signal: AbortSignal): Promise<CommittedRecords> {
        const { page } = await this.#read(await this.#open(commitment), request, signal);
        const { contract: _, epoch: __, ...rest } = page;
        return { ...rest, commitment };
    }

    async #read(
        { manifest, sessions }: Opened,
        { tokenHash, from, limit }: Omit<PageRequest, 'commitment'>,
        signal: AbortSignal,
    ): Promise<{ session: CommitmentManifest['sessions'][number]; page: RecordPage }> {
        const session = sessions.get(tokenHash);
        if (session === undefined)
            throw failure(
                'MKT_COMMITTER__SESSION_UNKNOWN',
                `commitment ${manifest.commitment} holds no session with token ${tokenHash}`,
            );
        const { contract, epoch } = manifest;
        const request = { node: session.node, contract, epoch, session: tokenHash, from, limit };
        return { session, page: await this.#source.read(request, session.leaf, signal) };
    }

    /** Anybody may ask for any: each is opened once for all who wait for it, and one at a time. */
    async #open(commitment: string): Promise<Opened> {
        const known = this.#opened.get(commitment) ?? this.#opening.get(commitment);
        if (known !== undefined) return known;
        const opening = this.#turn.then(() => this.#load(commitment)).finally(() => this.#opening.delete(commitment));
        this.#opening.set(commitment, opening);
        this.#turn = opening.catch(() => undefined);
        return opening;
    }

    async #load(commitment: string): Promise<Opened> {
        const manifest = await this.#store.readManifest(commitment);
        if (manifest === null)
            throw failure(
                'MKT_COMMITTER__COMMITMENT_UNKNOWN',
                `commitment ${commitment} was not made here; see the list of commitments`,
            );
        const opened = { ...openManifest(manifest), manifest };
        const [oldest] = this.#opened.keys();
        if (this.#opened.size >= MAX_OPEN && oldest !== undefined) this.#opened.delete(oldest);
        this.#opened.set(commitment, opened);
        return opened;
    }
}
