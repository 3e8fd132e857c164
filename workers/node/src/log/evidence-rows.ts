import type { FileHandle } from 'node:fs/promises';
import { encodeLeaf, fromBase64, hashReceipt, TreeHeadBuilder } from '@ocm/sdk/core';
import type { Session } from '../sessions/session.js';
import type { EpochFacts } from './epoch-facts.js';
import { encodeRow } from './evidence-format.js';
import { MERGED_GROUP } from './groups.js';

/** Class of a leaf that rests on a receipt (protocol 6.4). */
const CLASS_RECEIPTED = 1;
const ROWS_AT_ONCE = 1_000;

/** A session with the compact range of the records that were passed so far. */
export interface Evidenced {
    session: Session;
    tree: TreeHeadBuilder;
    firstPlace: number;
}

/** Sessions with a receipt of at least one byte, ascending by token hash. */
export function listEvidenced({ sessions }: EpochFacts, counts: ReadonlyMap<string, number>): Map<string, Evidenced> {
    const receipted = [...sessions.values()].filter(({ receiptedBytes }) => receiptedBytes > 0n);
    let firstPlace = 0;
    const evidenced = new Map<string, Evidenced>();
    for (const session of receipted.sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
        evidenced.set(session.hash, { session, tree: new TreeHeadBuilder(), firstPlace });
        firstPlace += counts.get(session.hash) ?? 0;
    }
    return evidenced;
}

export async function writeRows(
    evidenced: ReadonlyMap<string, Evidenced>,
    groups: ReadonlyMap<string, string>,
    handle: FileHandle,
): Promise<void> {
    let rows: Buffer[] = [];
    for (const [key, { session, tree, firstPlace }] of evidenced) {
        const { entry } = receiptOf(session);
        rows.push(
            encodeRow({
                key,
                token: Buffer.from(session.entry.token, 'base64'),
                tokenSignature: Buffer.from(session.entry.tokenSignature, 'base64'),
                receipt: Buffer.from(entry.receipt, 'base64'),
                receiptSignature: Buffer.from(entry.receiptSignature, 'base64'),
                leaf: Buffer.from(leafOf(session, tree)),
                recordCount: tree.size,
                firstPlace,
                isGroupNamed: (groups.get(key) ?? MERGED_GROUP) !== MERGED_GROUP,
            }),
        );
        if (rows.length < ROWS_AT_ONCE) continue;
        await handle.write(Buffer.concat(rows));
        rows = [];
    }
    await handle.write(Buffer.concat(rows));
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
