import { fetchJson } from '@ocm/runtime';
import { COMMITMENTS_PATH, commitmentManifest } from '@ocm/sdk/http';
import type { CommitterClient } from '../ports.js';

/** A manifest of 100 000 sessions has about 120 MB. */
const MAX_MANIFEST_BYTES = 256 << 20;
const TIMEOUT_MS = 60_000;

export function createCommitterClient(committerUrl: string): CommitterClient {
    const base = committerUrl.replace(/\/+$/, '');
    return {
        fetchManifest: (commitment, signal) =>
            fetchJson({
                url: `${base}${COMMITMENTS_PATH}/${commitment.toBase58()}`,
                schema: commitmentManifest,
                timeoutMs: TIMEOUT_MS,
                maxBytes: MAX_MANIFEST_BYTES,
                signal,
            }),
    };
}
