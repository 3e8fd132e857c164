import { failure, fetchJson } from '@ocm/runtime';
import { COMMITMENTS_PATH, commitmentManifest } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { CommitterClient } from '../ports.js';

/** A manifest of 100 000 sessions has about 120 MB. */
const MAX_MANIFEST_BYTES = 256 << 20;
const TIMEOUT_MS = 60_000;

export type CommitterClientOptions = {
    /** For contracts that `committers` does not name. */
    committerUrl?: string | undefined;
    committers: readonly { contract: string; url: string }[];
};

export function createCommitterClient({ committerUrl, committers }: CommitterClientOptions): CommitterClient {
    const urls = new Map(committers.map(({ contract, url }) => [contract, url]));
    const urlOf = (contract: PublicKey) => urls.get(contract.toBase58()) ?? committerUrl;
    return {
        knows: (contract) => urlOf(contract) !== undefined,
        async fetchManifest({ address, contract }, signal) {
            const url = urlOf(contract);
            if (url === undefined)
                throw failure(
                    'MKT_WATCHER__COMMITTER_UNKNOWN',
                    `no committer of contract ${contract.toBase58()} is known; add it to committers`,
                );
            return fetchJson({
                url: `${url.replace(/\/+$/, '')}${COMMITMENTS_PATH}/${address.toBase58()}`,
                schema: commitmentManifest,
                timeoutMs: TIMEOUT_MS,
                maxBytes: MAX_MANIFEST_BYTES,
                signal,
            });
        },
    };
}
