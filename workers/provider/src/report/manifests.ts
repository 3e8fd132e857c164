import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { errorCodeOf, type Logger, writeFileAtomic } from '@ocm/runtime';
import { toHex } from '@ocm/sdk/core';
import { type CommitmentManifest, commitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { CommitterClient } from '../ports.js';
import type { ManifestSource } from './ports.js';

/** Of an unpacked manifest; one of 100 000 sessions has about 120 MB. */
const MAX_MANIFEST_BYTES = 256 << 20;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

export type ManifestArchive = ManifestSource & {
    /** Keeps a manifest that the chain's hash names: the operator must serve it for a while only. */
    keep(commitment: PublicKey, manifestHash: Uint8Array, manifest: CommitmentManifest): Promise<void>;
};

/** Compressed files `COMMITMENT.json.gz` in a folder. What is read is checked against the hash on chain, whoever wrote it. */
export function createManifestArchive({
    folder,
    committer,
    log,
}: {
    folder: string;
    committer: CommitterClient;
    log: Logger;
}): ManifestArchive {
    const pathOf = (commitment: PublicKey) => join(folder, `${commitment.toBase58()}.json.gz`);
    const keep: ManifestArchive['keep'] = async (commitment, manifestHash, manifest) => {
        if (computeManifestHash(manifest) !== toHex(manifestHash)) return;
        await writeFileAtomic(pathOf(commitment), await compress(JSON.stringify(manifest)), 0o600);
    };
    return {
        keep,
        async find(commitment, manifestHash, signal) {
            const fits = (manifest: CommitmentManifest | null) =>
                manifest !== null && computeManifestHash(manifest) === manifestHash;
            const where = { commitment: commitment.toBase58() };
            try {
                const kept = await readManifest(pathOf(commitment));
                if (fits(kept)) return kept;
                if (kept !== null) log.warn(where, 'a kept manifest is not the one on chain');
            } catch (error) {
                log.warn({ ...where, code: errorCodeOf(error) }, 'a kept manifest cannot be read');
            }
            try {
                const served = await committer.fetchManifest(commitment, signal);
                if (!fits(served)) return null;
                await keep(commitment, Buffer.from(manifestHash, 'hex'), served);
                return served;
            } catch (error) {
                signal.throwIfAborted();
                log.warn({ ...where, code: errorCodeOf(error) }, 'manifest is not served, the report goes without it');
                return null;
            }
        },
    };
}

async function readManifest(path: string): Promise<CommitmentManifest | null> {
    let packed: Buffer;
    try {
        packed = await readFile(path);
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return null;
        throw error;
    }
    const text = await decompress(packed, { maxOutputLength: MAX_MANIFEST_BYTES });
    return commitmentManifest.parse(JSON.parse(text.toString('utf8')));
}
