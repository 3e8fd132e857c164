import * as layout from '../copy/layout.js';
import { errorMessageOf } from '../errors.js';
import { fromBase64, sha256, toHex } from '../protocol/bytes.js';
import type { Json } from '../protocol/canonical-json.js';
import type { CommitmentName, CopyWriter } from './fetch.js';
import { LineIndex } from './match-lines.js';
import type { CommitterClient, NodeClient } from './operator.js';

/** Where manifests, records and logs come from; each may be missing, which is said and not passed over. */
export type EvidenceSources = {
    committer: CommitterClient | null;
    /** By the node's address. */
    nodes: ReadonlyMap<string, NodeClient>;
};
export type EvidenceInput = {
    contract: string;
    commitments: readonly CommitmentName[];
    sources: EvidenceSources;
    writer: CopyWriter;
    put: (path: string, value: Json) => Promise<void>;
    signal: AbortSignal;
    progress: (step: string) => void;
    missing: string[];
};

/** Manifests, records and log files of the commitments; returns how many manifests there were. */
export async function fetchEvidence(input: EvidenceInput): Promise<number> {
    const { commitments, sources, signal, progress, missing, put } = input;
    const index = new LineIndex();
    const epochs = [...new Set(commitments.map(({ epoch }) => epoch))];
    for (const epoch of epochs) await fetchLogs(input, epoch, index);
    let manifests = 0;
    for (const commitment of commitments) {
        signal.throwIfAborted();
        progress(`epoch ${commitment.epoch}: manifest and records`);
        const answer = await attempt(missing, `epoch ${commitment.epoch}: manifest`, async () =>
            sources.committer === null ? null : sources.committer.manifest(commitment.address),
        );
        if (answer === null) {
            missing.push(`epoch ${commitment.epoch}: the manifest of ${commitment.address}`);
            continue;
        }
        const { manifestHash: _, ...content } = answer;
        await put(layout.manifestFile(commitment.address), content as Json);
        manifests += 1;
        const manifest = layout.manifestSchema.safeParse(content);
        if (manifest.success) await fetchRecords(input, commitment, manifest.data.sessions, index);
    }
    return manifests;
}

async function fetchLogs({ contract, sources, writer, missing }: EvidenceInput, epoch: number, index: LineIndex) {
    for (const [node, client] of sources.nodes)
        await attempt(missing, `epoch ${epoch}: logs of node ${node}`, async () => {
            for (const name of await client.logs(contract, epoch)) {
                const bytes = await client.log(name);
                if (bytes === null) continue;
                index.add(node, name, bytes);
                await writer.write(layout.logFile(node, name), bytes);
            }
            return null;
        });
}

async function fetchRecords(
    input: EvidenceInput,
    { address, epoch }: CommitmentName,
    sessions: readonly layout.ManifestSession[],
    index: LineIndex,
): Promise<void> {
    const { contract, sources, put, missing, signal } = input;
    for (const { token, node } of sessions) {
        signal.throwIfAborted();
        const tokenBytes = fromBase64(token);
        if (tokenBytes === null || tokenBytes.length === 0) continue;
        const key = toHex(sha256(tokenBytes));
        const what = `epoch ${epoch}: records of session ${key}`;
        const own = async () => (await sources.nodes.get(node)?.records(contract, epoch, key)) ?? null;
        const committed = async () => (await sources.committer?.records(address, key)) ?? null;
        const records =
            (await attempt(missing, `${what} of node ${node}`, own)) ?? (await attempt(missing, what, committed));
        if (records === null) continue;
        const lines = records.map((fields) => ({ fields, line: index.take(node, fields) }));
        await put(layout.recordsFile(address, key), { records: lines } as unknown as Json);
    }
}

/** What a source does not give is missing in the copy; the rest is fetched all the same. */
async function attempt<T>(missing: string[], what: string, action: () => Promise<T | null>): Promise<T | null> {
    try {
        return await action();
    } catch (error) {
        missing.push(`${what} (${errorMessageOf(error)})`);
        return null;
    }
}
