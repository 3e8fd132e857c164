import { encodeLeaf, fromBase64, hashReceipt, TreeHeadBuilder, toBase64, toHex } from '@ocm/sdk/core';
import type { EpochEvidence, SessionEvidence } from '@ocm/sdk/http';
import type { Session } from '../sessions/session.js';
import { type EntryGroups, type EpochFacts, numberRequests } from './epoch-facts.js';
import { nameGroups } from './groups.js';
import { RecordCommitter, type SaltedRecord } from './record-committer.js';
import { listRecordFields, Places, type RecordContext } from './record-fields.js';
import { summarise } from './sla.js';
import type { EncryptionKeys } from './transforms.js';

/** Class of a leaf that rests on a receipt (protocol 6.4). */
const CLASS_RECEIPTED = 1;

export interface EpochKeys {
    epochKey: Uint8Array;
    keys: EncryptionKeys;
}

/** What all records of the epoch share: groups are counted over the sessions that the records tell of. */
export function recordContextOf({ sessions, recorded, rules }: EpochFacts, keys: EpochKeys): RecordContext {
    const named = [...sessions.values()].filter(({ hash }) => recorded.has(hash));
    return {
        rules,
        ...keys,
        fields: listRecordFields(rules),
        transforms: Object.entries(rules.transforms),
        groups: nameGroups(named, rules.minGroupSize),
        places: new Places(rules),
    };
}

/** What an operator's committer is given of the epoch. */
export function describeEpoch(facts: EpochFacts, sessions: SessionEvidence[]): Omit<EpochEvidence, 'node'> {
    return {
        contract: facts.contract,
        epoch: facts.epoch,
        sessions,
        unreceiptedBytes: facts.unreceiptedBytes.toString(),
        sla: summarise(facts),
    };
}

export interface EvidenceInput {
    facts: EpochFacts;
    keys: EpochKeys;
    /** The entries that the facts were gathered of, once more. */
    groups: EntryGroups;
}
interface EvidencedSession {
    session: Session;
    tree: TreeHeadBuilder;
    records: SaltedRecord[];
}

/**
 * Leaves of the sessions with a receipt of at least one byte, in order of token hash: what a commitment of kind 0 is built
 * from. Of the records of a session no more is kept than what their tree's head follows from.
 */
export async function buildLeaves(input: EvidenceInput): Promise<{ session: Session; leaf: Uint8Array }[]> {
    const evidenced = await collectSessions(input, { keepsRecords: false });
    return evidenced.map(({ session, tree }) => ({ session, leaf: leafOf(session, tree) }));
}

/** The sessions of {@link buildLeaves} with their records. With `only`, no other session than that of this token hash. */
export async function buildSessionEvidence(input: EvidenceInput, only?: string): Promise<SessionEvidence[]> {
    const evidenced = await collectSessions(input, { keepsRecords: true, only });
    return evidenced.map(({ session, tree, records }) => {
        const { entry } = receiptOf(session);
        return {
            token: session.entry.token,
            tokenSignature: session.entry.tokenSignature,
            receipt: entry.receipt,
            receiptSignature: entry.receiptSignature,
            leaf: toBase64(leafOf(session, tree)),
            records: records.map(({ seq, fields }) => ({
                seq,
                fields: fields.map(({ name, salt, value }) => ({ name, value, salt: toHex(salt) })),
            })),
        };
    });
}

async function collectSessions(
    { facts, keys, groups }: EvidenceInput,
    { keepsRecords, only }: { keepsRecords: boolean; only?: string | undefined },
): Promise<EvidencedSession[]> {
    const committer = new RecordCommitter(recordContextOf(facts, keys));
    const evidenced = new Map<string, EvidencedSession>();
    for (const session of facts.sessions.values()) {
        if (session.receiptedBytes === 0n || (only !== undefined && session.hash !== only)) continue;
        evidenced.set(session.hash, { session, tree: new TreeHeadBuilder(), records: [] });
    }
    for await (const requests of numberRequests(groups)) {
        for (const { request, seq } of requests) {
            const own = request.session === null ? undefined : evidenced.get(request.session);
            if (own === undefined) continue;
            const { record, data } = committer.commit(request, seq);
            own.tree.add(data);
            if (keepsRecords) own.records.push(record);
        }
    }
    return [...evidenced.values()].sort((a, b) => (a.session.hash < b.session.hash ? -1 : 1));
}

function leafOf(session: Session, tree: TreeHeadBuilder): Uint8Array {
    const { entry, receipt } = receiptOf(session);
    return encodeLeaf({
        tokenHash: session.tokenHash,
        bytes: receipt.bytes,
        objects: receipt.objects,
        class: CLASS_RECEIPTED,
        receiptHash: hashReceipt(fromBase64(entry.receipt)),
        logRoot: tree.head(),
    });
}

function receiptOf({ highest }: Session): NonNullable<Session['highest']> {
    if (highest === null) throw new Error('a session without receipt has no evidence');
    return highest;
}
