import {
    computeTreeHead,
    deriveFieldSalt,
    deriveRecordKey,
    encodeLeaf,
    encodeRecord,
    fromBase64,
    hashReceipt,
    logFieldId,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import type { EpochEvidence, SessionEvidence } from '@ocm/sdk/http';
import { Session } from '../sessions/session.js';
import { isDelivery, type JournalEntry, type RequestEntry } from './entries.js';
import { nameGroups } from './groups.js';
import { listRecordFields, type RecordContext, recordValues } from './record-fields.js';
import type { LogRules } from './rules.js';
import { summarise } from './sla.js';
import type { EncryptionKeys } from './transforms.js';

/** Class of a leaf that rests on a receipt (protocol 6.4). */
const CLASS_RECEIPTED = 1;

/** Everything of an epoch that its sealed journal says. Same entries, same result, so a rebuild after a crash is safe. */
export interface SealedEpoch {
    contract: string;
    epoch: number;
    sessions: Map<string, Session>;
    /** In order of completion; the index is the record's `seq` within the epoch. */
    requests: RequestEntry[];
    rules: LogRules;
}
export interface EpochKeys {
    epochKey: Uint8Array;
    keys: EncryptionKeys;
}

export function gatherEpoch(
    { contract, epoch, rules }: Pick<SealedEpoch, 'contract' | 'epoch' | 'rules'>,
    entries: readonly JournalEntry[],
): SealedEpoch {
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
    return { contract, epoch, sessions, requests, rules };
}

/** What all records of the epoch share: groups are counted over the sessions that the records tell of. */
export function recordContextOf({ sessions, requests, rules }: SealedEpoch, keys: EpochKeys): RecordContext {
    const recorded = new Set(requests.map(({ session }) => session));
    const named = [...sessions.values()].filter(({ hash }) => recorded.has(hash));
    return { rules, ...keys, groups: nameGroups(named, rules.minGroupSize) };
}

/** What an operator's committer is given of the epoch. */
export function describeEpoch(epoch: SealedEpoch, sessions: SessionEvidence[]): Omit<EpochEvidence, 'node'> {
    const unreceipted = epoch.requests
        .filter((request) => request.session === null && isDelivery(request))
        .reduce((sum, { entityBytes }) => sum + BigInt(entityBytes), 0n);
    return {
        contract: epoch.contract,
        epoch: epoch.epoch,
        sessions,
        unreceiptedBytes: unreceipted.toString(),
        sla: summarise(epoch),
    };
}

/**
 * Sessions with a receipt of at least one byte, in order of token hash: what a commitment of kind 0 is built from. With
 * `only`, no other session than that of this token hash.
 */
export function buildSessionEvidence(epoch: SealedEpoch, keys: EpochKeys, only?: string): SessionEvidence[] {
    const context = recordContextOf(epoch, keys);
    const own = new Map<string, NumberedRequest[]>();
    for (const [seq, request] of epoch.requests.entries()) {
        const { session } = request;
        if (session === null) continue;
        const list = own.get(session);
        if (list === undefined) own.set(session, [{ request, seq }]);
        else list.push({ request, seq });
    }
    return [...epoch.sessions.values()]
        .filter(({ hash, receiptedBytes }) => receiptedBytes > 0n && (only === undefined || hash === only))
        .sort((a, b) => (a.hash < b.hash ? -1 : 1))
        .map((session) => evidenceOf(session, own.get(session.hash) ?? [], context));
}

interface NumberedRequest {
    request: RequestEntry;
    /** Of the epoch. */
    seq: number;
}

function evidenceOf(session: Session, requests: NumberedRequest[], context: RecordContext): SessionEvidence {
    const highest = session.highest;
    if (highest === null) throw new Error('a session without receipt has no evidence');
    const names = listRecordFields(context.rules);
    const records = requests.map(({ request, seq }) => {
        const recordKey = deriveRecordKey(context.epochKey, seq);
        const values = recordValues(request, seq, context);
        const salted = names.map((name, index) => {
            const fieldId = logFieldId(name);
            return { name, fieldId, salt: deriveFieldSalt(recordKey, fieldId), value: values[index] ?? '' };
        });
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
            fields: salted.map(({ name, salt, value }) => ({ name, value, salt: toHex(salt) })),
        })),
    };
}
