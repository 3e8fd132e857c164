import { computeRangePath, decodeLeaf, toBase64, toHex, verifyRange } from '@ocm/sdk/core';
import {
    type EvidencePage,
    RECORD_PAGE_CHARACTERS,
    type RecordPage,
    type SaltedRecord,
    type SessionEvidence,
} from '@ocm/sdk/http';
import { Session } from '../sessions/session.js';
import { contextOf } from './epoch-context.js';
import type { BuildInput } from './evidence-build.js';
import { damaged, type RecordPlace, type SessionRow } from './evidence-format.js';
import type { EvidenceIndex } from './evidence-index.js';
import { nameGroups } from './groups.js';
import { readGroupsAt } from './journal-file.js';
import { RecordCommitter } from './record-committer.js';

export interface SessionQuery {
    /** Token hash of the last session that is known already. */
    after: string | null;
    limit: number;
}
export interface RecordQuery {
    /** Token hash. */
    session: string;
    from: number;
    limit: number;
}
export type SessionPage = Pick<EvidencePage, 'unreceiptedBytes' | 'sla' | 'sessions' | 'next'>;
export type SessionRecords = Pick<
    RecordPage,
    'session' | 'leaf' | 'recordCount' | 'from' | 'records' | 'path' | 'next'
>;
export type SealedEpoch = Omit<BuildInput, 'signal'>;

/** Sessions of the epoch in the order of their token hashes; the same page for the same cursor, whenever it is asked for. */
export async function readSessions(index: EvidenceIndex, { after, limit }: SessionQuery): Promise<SessionPage> {
    const { rows, isLast } = await index.page(after, limit);
    const { unreceiptedBytes, sla } = index.head;
    return { unreceiptedBytes, sla, sessions: rows.map(describe), next: isLast ? null : (rows.at(-1)?.key ?? null) };
}

function describe(row: SessionRow): SessionEvidence {
    const { token, tokenSignature, receipt, receiptSignature, leaf, recordCount } = row;
    return {
        token: toBase64(token),
        tokenSignature: toBase64(tokenSignature),
        receipt: toBase64(receipt),
        receiptSignature: toBase64(receiptSignature),
        leaf: toBase64(leaf),
        recordCount,
    };
}

/**
 * Records of one session from `from` on, read from where they lie in the journal, and proved.
 * @throws MKT_NODE__EVIDENCE_DAMAGED
 */
export async function readRecords(
    epoch: SealedEpoch,
    row: SessionRow,
    places: { at(index: number): RecordPlace },
    { session, from, limit }: RecordQuery,
): Promise<SessionRecords> {
    const { recordCount } = row;
    const known = { session, leaf: toBase64(row.leaf), recordCount, from };
    if (recordCount === 0) return { ...known, records: [], path: [], next: null };
    const wanted = Array.from({ length: Math.min(limit, recordCount - from) }, (_, index) => places.at(from + index));
    const { records, entries } = await openRecords(epoch, row, wanted);
    const to = from + records.length;
    const hashAt = (index: number): Uint8Array => places.at(index).hash;
    const path = computeRangePath({ from, to, size: recordCount, hashAt });
    const root = decodeLeaf(row.leaf).logRoot;
    // What does not prove itself would be taken for a lie.
    if (!verifyRange({ root, from, size: recordCount, entries, path })) throw damaged();
    return { ...known, records, path: path.map(toHex), next: to < recordCount ? to : null };
}

/** As many as a page takes, one at least. */
async function openRecords(
    { folder, terms, keys }: SealedEpoch,
    row: SessionRow,
    wanted: readonly RecordPlace[],
): Promise<{ records: SaltedRecord[]; entries: Uint8Array[] }> {
    const committer = new RecordCommitter(contextOf(terms.rules, keys, groupOf(row, terms.contract)));
    const opened: { records: SaltedRecord[]; entries: Uint8Array[] } = { records: [], entries: [] };
    let characters = 0;
    const offsets = [...new Set(wanted.map(({ offset }) => offset))];
    for await (const group of readGroupsAt(folder, offsets)) {
        for (const { position, seq } of wanted.filter(({ offset }) => offset === group.offset)) {
            const request = group.entries[position];
            if (request?.type !== 'request' || request.session !== row.key) throw damaged();
            const { record, data } = committer.commit(request, seq);
            // The committer fills its buffer anew with the next record.
            opened.entries.push(Uint8Array.from(data));
            const told = record.fields.map(({ name, salt, value }) => ({ name, value, salt: toHex(salt) }));
            opened.records.push({ seq, fields: told });
            characters += JSON.stringify(told).length;
            if (characters >= RECORD_PAGE_CHARACTERS) return opened;
        }
    }
    return opened;
}

/** What the whole epoch's count of groups has said of the session. */
function groupOf({ key, token, tokenSignature, isGroupNamed }: SessionRow, contract: string): Map<string, string> {
    const entry = { type: 'session' as const, token: toBase64(token), tokenSignature: toBase64(tokenSignature) };
    const { token: decoded } = new Session({ ...entry, openedAtMs: 0 }, contract);
    const names = nameGroups([{ hash: key, token: decoded }], isGroupNamed ? 1 : 2);
    return new Map(names);
}
