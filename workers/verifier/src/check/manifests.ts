import { type Copy, readRecord } from '../copy/copy.js';
import { type CopyManifest, manifestFile, manifestSchema, recordsFile } from '../copy/layout.js';
import type { Findings } from '../findings.js';
import { sha256, toHex } from '../protocol/bytes.js';
import type { VerifySignature } from '../protocol/ed25519.js';
import type { ContractBooks } from '../replay/books.js';
import { KIND_COSIGNED_ONLY } from '../replay/commitment.js';
import type { CommitmentBooks } from '../replay/commitment-books.js';
import type { Ledger } from '../replay/ledger.js';
import type { LogFiles } from './logs.js';
import { compareTree, SLA_SOURCES, termsOf } from './manifest-terms.js';
import { checkRecords } from './records.js';
import { checkSession } from './session.js';
import { checkUnsigned } from './unsigned.js';

export type ManifestDeps = {
    copy: Copy;
    files: readonly string[];
    ledger: Ledger;
    logs: LogFiles;
    verify: VerifySignature;
    findings: Findings;
    signal?: AbortSignal | undefined;
};
/** What the statement says of one commitment's sessions. */
export type ManifestResult = { sessions: number; withRecords: number; loggedBytes: bigint } | null;

/** All that stands behind one commitment: manifest, sessions, records, tree. */
export async function checkManifest(
    deps: ManifestDeps,
    commitment: string,
    books: CommitmentBooks,
): Promise<ManifestResult> {
    const { copy, ledger, findings } = deps;
    const { contract } = ledger;
    const file = manifestFile(commitment);
    const read = await readRecord(copy, file, manifestSchema, findings);
    if (read === null || contract === null) {
        if ((await copy.read(file)) === null && books.totalBytes > 0n)
            findings.note(
                `epoch ${books.epoch}: the manifest of ${commitment} is not in the copy; none of its sessions was checked`,
            );
        return null;
    }
    const where = `manifest of ${commitment} (epoch ${books.epoch})`;
    const manifest = read.value;
    if (toHex(sha256(read.bytes)) !== books.manifestHash)
        findings.add(file, where, `does not hash to ${books.manifestHash}, which was committed`);
    compareHead(manifest, commitment, books, findings);
    findings.note(
        `epoch ${books.epoch}: ${SLA_SOURCES[books.slaSource] ?? 'its service levels are of an unknown source'}`,
    );
    if (books.kind === KIND_COSIGNED_ONLY) {
        checkUnsigned(manifest, commitment, books, findings);
        return { sessions: 0, withRecords: 0, loggedBytes: 0n };
    }
    return checkSessions(deps, manifest, commitment, books, contract);
}

function compareHead(manifest: CopyManifest, commitment: string, books: CommitmentBooks, findings: Findings): void {
    const expected = {
        commitment,
        contract: books.contract,
        epoch: books.epoch,
        kind: books.kind,
        root: books.root,
        depth: books.depth,
        leafCount: books.leafCount,
        totalBytes: books.totalBytes.toString(),
    };
    for (const [field, right] of Object.entries(expected)) {
        const told = manifest[field as keyof typeof expected];
        if (told !== right)
            findings.add(
                manifestFile(commitment),
                `manifest of ${commitment}, ${field}`,
                `is ${told}, committed ${right}`,
            );
    }
}

async function checkSessions(
    deps: ManifestDeps,
    manifest: CopyManifest,
    commitment: string,
    books: CommitmentBooks,
    contract: ContractBooks,
): Promise<ManifestResult> {
    const { findings, verify } = deps;
    const file = manifestFile(commitment);
    const terms = termsOf(deps.ledger, books, contract);
    const leaves = [];
    const named = new Set<string>();
    const result = { sessions: manifest.sessions.length, withRecords: 0, loggedBytes: 0n };
    for (const [index, session] of manifest.sessions.entries()) {
        deps.signal?.throwIfAborted();
        // The programs take evidence of any node of the seller; whose a node is only its account says.
        if (!deps.ledger.nodes.has(session.node))
            findings.note(
                `epoch ${books.epoch}: node ${session.node} is not among the contract's claims; whether it is the seller's was not checked`,
            );
        const { key, leaf, problems } = checkSession(session, terms, verify);
        const name = `session ${key}, sessions[${index}]`;
        for (const problem of problems) findings.add(file, name, problem);
        if (leaf === null) continue;
        leaves.push({ key: leaf.tokenHash, leafHash: leaf.hash, bytes: leaf.bytes });
        named.add(recordsFile(commitment, toHex(leaf.tokenHash)));
        const records = await checkRecords({
            ...deps,
            commitment,
            key: toHex(leaf.tokenHash),
            node: session.node,
            leaf,
            name,
        });
        if (records === null) continue;
        result.withRecords += 1;
        result.loggedBytes += records.loggedBytes;
        noteRecords(findings, books.epoch, key, leaf.bytes, records);
    }
    for (const path of deps.files)
        if (path.startsWith(`commitments/${commitment}/records/`) && !named.has(path))
            findings.add(path, path, 'holds records of a session that the manifest does not have');
    if (result.withRecords < result.sessions)
        findings.note(
            `epoch ${books.epoch}: the log records of ${result.sessions - result.withRecords} of ${result.sessions} sessions are not in the copy (not fetched, or erased); their log roots were not checked`,
        );
    compareTree(leaves, commitment, books, findings);
    return result;
}

function noteRecords(
    findings: Findings,
    epoch: number,
    key: string,
    receipted: bigint,
    { loggedBytes, unlogged }: { loggedBytes: bigint; unlogged: number },
): void {
    if (unlogged > 0)
        findings.note(`epoch ${epoch}: the log file with ${unlogged} records of session ${key} is not in the copy`);
    if (loggedBytes < receipted)
        findings.note(
            `epoch ${epoch}: session ${key} was receipted for ${receipted} bytes, its log records hold ${loggedBytes}; a node that was killed has lost the records of what was on its way`,
        );
}
