import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { writeFileAtomic } from '@ocm/runtime';
import { hashRecord } from '@ocm/sdk/core';
import type { JournalEntry } from './entries.js';
import { contextOf, type EpochKeys, nameRecorded } from './epoch-context.js';
import { type EpochTerms, gatherFacts } from './epoch-facts.js';
import { type EvidenceHead, headPath, placesPath, sessionsPath } from './evidence-format.js';
import { type Evidenced, listEvidenced, writeRows } from './evidence-rows.js';
import { PlaceScatter } from './evidence-scatter.js';
import { readEntries, readGroups } from './journal-file.js';
import { RecordCommitter } from './record-committer.js';
import { summarise } from './sla.js';

export interface BuildInput {
    /** Of the sealed epoch. */
    folder: string;
    terms: EpochTerms;
    keys: EpochKeys;
    signal: AbortSignal;
}
/**
 * Makes an epoch's evidence out of its journal, in two passes, with no more of its records in memory than their sessions'
 * compact ranges. The same journal gives the same bytes.
 */
export async function buildEvidence(input: BuildInput): Promise<void> {
    const { folder, terms, signal } = input;
    const counts = new Map<string, number>();
    const facts = await gatherFacts(terms, counted(readEntries(folder), counts, signal));
    const groups = nameRecorded(facts);
    const evidenced = listEvidenced(facts, counts);
    await writeWhole(placesPath(folder), (handle) => scatterPlaces(input, evidenced, groups, handle));
    await writeWhole(sessionsPath(folder), (handle) => writeRows(evidenced, groups, handle));
    const head: EvidenceHead = {
        unreceiptedBytes: facts.unreceiptedBytes.toString(),
        sla: summarise(facts),
        sessions: evidenced.size,
        records: [...evidenced.values()].reduce((sum, { tree }) => sum + tree.size, 0),
    };
    await writeFileAtomic(headPath(folder), JSON.stringify(head), 0o600);
}

/** Its head first: what has none is no evidence. */
export async function removeEvidence(folder: string): Promise<void> {
    for (const path of [headPath(folder), sessionsPath(folder), placesPath(folder)]) {
        await rm(path, { force: true });
        await rm(temporary(path), { force: true });
    }
}

async function* counted(
    groups: AsyncIterable<JournalEntry[]>,
    counts: Map<string, number>,
    signal: AbortSignal,
): AsyncGenerator<JournalEntry[]> {
    for await (const group of groups) {
        signal.throwIfAborted();
        for (const entry of group) {
            if (entry.type !== 'request' || entry.session === null) continue;
            counts.set(entry.session, (counts.get(entry.session) ?? 0) + 1);
        }
        yield group;
    }
}

async function scatterPlaces(
    { folder, terms, keys, signal }: BuildInput,
    evidenced: ReadonlyMap<string, Evidenced>,
    groups: ReadonlyMap<string, string>,
    handle: FileHandle,
): Promise<void> {
    const committer = new RecordCommitter(contextOf(terms.rules, keys, groups));
    const scatter = new PlaceScatter(handle);
    let seq = -1;
    for await (const { offset, entries } of readGroups(folder)) {
        signal.throwIfAborted();
        for (const [position, request] of entries.entries()) {
            if (request.type !== 'request') continue;
            seq += 1;
            const own = request.session === null ? undefined : evidenced.get(request.session);
            if (own === undefined) continue;
            const { data } = committer.commit(request, seq);
            const index = own.firstPlace + own.tree.size;
            own.tree.add(data);
            await scatter.add(own.session.hash, index, { offset, position, seq, hash: hashRecord(data) });
        }
    }
    await scatter.flush();
}

const temporary = (path: string): string => `${path}.tmp`;

/** On disk whole or not at all. */
async function writeWhole(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
    const handle = await open(temporary(path), 'w', 0o600);
    try {
        await write(handle);
        await handle.sync();
    } finally {
        await handle.close();
    }
    await rename(temporary(path), path);
}
