import { toHex, utf8 } from '../core/bytes.js';
import { sha256 } from '../core/hash.js';
import type { CommitmentManifest } from './committer.js';

/**
 * SHA-256 (64 hexadecimal digits) of a manifest's canonical bytes: its JSON without `manifestHash`, members sorted by
 * name, no white space, sessions in the given order. All values are ASCII strings and integers, so this is RFC 8785.
 *
 * @example const honest = computeManifestHash(manifest) === toHex(commitment.manifestHash);
 */
export function computeManifestHash(manifest: Omit<CommitmentManifest, 'manifestHash'>): string {
    const { manifestHash: _, ...content } = manifest as CommitmentManifest;
    return toHex(sha256(utf8(canonicalJson(content))));
}

function canonicalJson(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const members = Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join()}}`;
}
