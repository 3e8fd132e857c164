import { decodeLeaf, fromBase64 } from '@ocm/sdk/core';
import {
    COMMITMENTS_PATH,
    commitmentList,
    commitmentManifest,
    PROVIDER_STATUS_PATH,
    type ProviderStatus,
    providerStatus,
} from '@ocm/sdk/http';
import { fetchJson } from '../../../lib/bounded-fetch';
import { mapLimited } from '../../../lib/map-limited';

export interface Evidence {
    readonly sessions: number;
    readonly bytes: string;
}

/** Manifests asked for per pass; the rest follows in later passes. */
const MANIFESTS_PER_PASS = 16;

/** What the operator's committer holds behind its commitments. A manifest never changes, so each is asked for once. */
export class EvidenceReader {
    readonly #committerUrl: string;
    readonly #known = new Map<string, Evidence>();

    constructor(committerUrl: string) {
        this.#committerUrl = committerUrl;
    }

    /** @throws when the committer does not answer; what is known already stays known. */
    async read(commitments: readonly string[]): Promise<ReadonlyMap<string, Evidence>> {
        const unknown = commitments.filter((address) => !this.#known.has(address));
        if (unknown.length === 0) return this.#known;
        const url = new URL(COMMITMENTS_PATH, this.#committerUrl).toString();
        const listed = await fetchJson({ url, schema: commitmentList });
        // Other operators' commitments are none of its business, and not asked for.
        const own = new Set(listed.commitments.map(({ commitment }) => commitment));
        const next = unknown.filter((address) => own.has(address)).slice(0, MANIFESTS_PER_PASS);
        await mapLimited(next, 4, (address) => this.#readManifest(address));
        return this.#known;
    }

    async #readManifest(address: string): Promise<void> {
        const url = new URL(`${COMMITMENTS_PATH}/${address}`, this.#committerUrl).toString();
        const manifest = await fetchJson({ url, schema: commitmentManifest });
        const bytes = manifest.sessions.reduce((sum, { leaf }) => sum + decodeLeaf(fromBase64(leaf)).bytes, 0n);
        this.#known.set(address, { sessions: manifest.sessions.length, bytes: bytes.toString() });
    }

    get known(): ReadonlyMap<string, Evidence> {
        return this.#known;
    }
}

export function readProviderStatus(providerUrl: string): Promise<ProviderStatus> {
    return fetchJson({ url: new URL(PROVIDER_STATUS_PATH, providerUrl).toString(), schema: providerStatus });
}
