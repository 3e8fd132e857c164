import { failure } from '@ocm/runtime';
import { fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import type { EpochHead, EvidencePage } from '@ocm/sdk/http';
import type { SessionsRequest } from './ports.js';

/** Of one node in one epoch; a settlement tree of more could not be proved by far. */
export const MAX_SESSIONS_PER_NODE = 500_000;

export type PageContext = {
    request: SessionsRequest;
    /** What earlier pages said of the epoch as a whole; null before the first. */
    head: EpochHead | null;
    /** How many sessions earlier pages held. */
    sessions: number;
};

/**
 * That a page is the next one of a traversal which comes to an end. What its sessions are worth is looked at later, one by
 * one.
 * @throws MKT_COMMITTER__EVIDENCE_FOREIGN, _EVIDENCE_CHANGED, _PAGE_TOO_LARGE, _EVIDENCE_REPEATED, _EVIDENCE_UNORDERED,
 * _CURSOR_WRONG, _EVIDENCE_ENDLESS
 */
export function assertPage(page: EvidencePage, { request, head, sessions }: PageContext): void {
    const { node, contract, epoch, after, limit } = request;
    if (page.node !== node || page.contract !== contract || page.epoch !== epoch)
        throw failure(
            'MKT_COMMITTER__EVIDENCE_FOREIGN',
            `node ${node} answered for another node, contract or epoch; check its URL`,
        );
    if (head !== null && !isSameHead(head, page))
        throw failure(
            'MKT_COMMITTER__EVIDENCE_CHANGED',
            `node ${node} says another total of epoch ${epoch} than before; its evidence is collected anew`,
        );
    if (page.sessions.length > limit)
        throw failure(
            'MKT_COMMITTER__PAGE_TOO_LARGE',
            `node ${node} answered with ${page.sessions.length} sessions where ${limit} were asked for; update it`,
        );
    assertOrder(page, node, after);
    if (sessions + page.sessions.length > MAX_SESSIONS_PER_NODE)
        throw failure(
            'MKT_COMMITTER__EVIDENCE_ENDLESS',
            `node ${node} lists more than ${MAX_SESSIONS_PER_NODE} sessions in epoch ${epoch}; look after it`,
        );
}

function assertOrder({ sessions, next }: EvidencePage, node: string, after: string | null): void {
    let last = after;
    for (const [place, { token }] of sessions.entries()) {
        const key = toHex(hashToken(fromBase64(token)));
        if (last !== null && key <= last) {
            const code = place === 0 || key === last ? 'MKT_COMMITTER__EVIDENCE_REPEATED' : UNORDERED;
            throw failure(
                code,
                `node ${node}: session ${key.slice(0, 16)} does not come after the one before; update it`,
            );
        }
        last = key;
    }
    if (next === null || (sessions.length > 0 && next === last)) return;
    throw failure(
        'MKT_COMMITTER__CURSOR_WRONG',
        `node ${node} goes on from ${next.slice(0, 16)}, which is not the last session of its page; update it`,
    );
}
const UNORDERED = 'MKT_COMMITTER__EVIDENCE_UNORDERED';

const isSameHead = (left: EpochHead, right: EpochHead): boolean =>
    JSON.stringify([left.unreceiptedBytes, left.sla]) === JSON.stringify([right.unreceiptedBytes, right.sla]);
