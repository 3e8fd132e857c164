import {
    computeTreeHead,
    deriveFieldSalt,
    deriveRecordKey,
    encodeLeaf,
    encodeRecord,
    fromBase64,
    hashReceipt,
    LOG_FIELDS,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import type { SessionEvidence } from '@ocm/sdk/http';
import { Session } from '../sessions/session.js';
import type { JournalEntry, RequestEntry } from './entries.js';
import { RECORD_FIELDS, recordValues } from './record-fields.js';

/** Class of a leaf that rests on a receipt (protocol 6.4). */
const CLASS_RECEIPTED = 1;

/** Everything of an epoch that its sealed journal says. Same entries, same result, so a rebuild after a crash is safe. */
export interface SealedEpoch {
    contract: string;
    epoch: number;
    sessions: Map<string, Session>;
    /** In order of completion; the index is the record's `seq` within the epoch. */
    requests: RequestEntry[];
}

export function gatherEpoch(contract: string, epoch: number, entries: readonly JournalEntry[]): SealedEpoch {
    const sessions = new Map<string, Session>();
    const requests: RequestEntry[] = [];
    for (const entry of entries) {
        if (entry.type === 'session') {
            const session = new Session(entry, contract);
            if (!sessions.has(session.hash)) sessions.set(session.hash, session);
        } else if (entry.type === 'receipt') {
            // Bytes 16 to 48 of a receipt are the hash of its token (protocol 6.4).
            sessions.get(toHex(fromBase64(entry.receipt).subarray(16, 48)))?.applyReceipt(entry);
        } else if (entry.type === 'request') {
            requests.push(entry);
        }
    }
    return { contract, epoch, sessions, requests };
}

const FIELD_IDS = RECORD_FIELDS.map((name) => LOG_FIELDS[name]);

/** Sessions with a receipt of at least one byte, in order of token hash: what a commitment of kind 0 is built from. */
export function buildSessionEvidence({ sessions, requests }: SealedEpoch, epochKey: Uint8Array): SessionEvidence[] {
    const numbered = requests.map((request, seq) => ({ request, seq }));
    return [...sessions.values()]
        .filter(({ receiptedBytes }) => receiptedBytes > 0n)
        .sort((a, b) => (a.hash < b.hash ? -1 : 1))
        .map((session) => {
            const own = numbered.filter(({ request }) => request.session === session.hash);
            return evidenceOf(session, own, epochKey);
        });
}

function evidenceOf(
    session: Session,
    requests: { request: RequestEntry; seq: number }[],
    epochKey: Uint8Array,
): SessionEvidence {
    const highest = session.highest;
    if (highest === null) throw new Error('a session without receipt has no evidence');
    const clientGroup = session.token.clientGroup;
    const records = requests.map(({ request, seq }) => {
        const recordKey = deriveRecordKey(epochKey, seq);
        const values = recordValues(request, { epochKey, clientGroup });
        const salted = FIELD_IDS.map((fieldId, index) => ({
            fieldId,
            salt: deriveFieldSalt(recordKey, fieldId),
            value: values[index] ?? '',
        }));
        return { seq, salted, data: encodeRecord(salted) };
    });
    const leaf = encodeLeaf({
        tokenHash: session.tokenHash,
        bytes: highest.receipt.bytes,
        objects: highest.receipt.objects,
        class: CLASS_RECEIPTED,
        receiptHash: hashReceipt(fromBase64(highest.entry.receipt)),
        logRoot: computeTreeHead(records.map(({ data }) => data)),
    });
    return {
        token: session.entry.token,
        tokenSignature: session.entry.tokenSignature,
        receipt: highest.entry.receipt,
        receiptSignature: highest.entry.receiptSignature,
        leaf: toBase64(leaf),
        records: records.map(({ seq, salted }) => ({
            seq,
            fields: salted.map(({ salt, value }, index) => ({
                name: RECORD_FIELDS[index] ?? '',
                value,
                salt: toHex(salt),
            })),
        })),
    };
}
