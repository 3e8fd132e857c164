import {
    computeRangePath,
    encodeRecord,
    fromBase64,
    fromHex,
    hashRecord,
    hashToken,
    logFieldId,
    toHex,
} from '@ocm/sdk';
import {
    DEFAULT_RECORDS_PER_PAGE,
    DEFAULT_SESSIONS_PER_PAGE,
    type EpochHead,
    EVIDENCE_PATH,
    type EvidencePage,
    type RecordPage,
    type SaltedRecord,
    type SessionEvidence,
} from '@ocm/sdk/http';

export type RecordedSession = SessionEvidence & { records: SaltedRecord[] };
/** What a node of a test holds of an epoch. */
export type RecordedEvidence = EpochHead & { sessions: RecordedSession[] };

const keyOf = ({ token }: Pick<SessionEvidence, 'token'>) => toHex(hashToken(fromBase64(token)));

/** The page that a node would answer with. */
export function pageSessions(
    { sessions, ...head }: RecordedEvidence,
    { after, limit }: { after: string | null; limit: number },
): EvidencePage {
    const byKey = sessions.map((session) => ({ session, key: keyOf(session) }));
    byKey.sort((left, right) => (left.key < right.key ? -1 : 1));
    const left = byKey.filter(({ key }) => after === null || key > after);
    const page = left.slice(0, limit);
    return {
        ...head,
        sessions: page.map(({ session: { records: _, ...session } }) => session),
        next: left.length > limit ? (page.at(-1)?.key ?? null) : null,
    };
}

/** Of a session that it has. */
export function pageRecords(
    { sessions, node, contract, epoch }: RecordedEvidence,
    { session, from, limit }: { session: string; from: number; limit: number },
): RecordPage {
    const found = sessions.find((candidate) => keyOf(candidate) === session);
    if (found === undefined) throw new Error(`the test's node has no session ${session}`);
    const { leaf, records: all } = found;
    const to = Math.min(all.length, from + limit);
    const hashes = all.map(({ fields }) =>
        hashRecord(
            encodeRecord(
                fields.map(({ name, value, salt }) => ({ value, salt: fromHex(salt), fieldId: logFieldId(name) })),
            ),
        ),
    );
    const hashAt = (index: number) => hashes[index] ?? new Uint8Array(32);
    const path = from >= to ? [] : computeRangePath({ from, to, size: all.length, hashAt });
    return {
        ...{ node, contract, epoch, session, leaf, from },
        recordCount: all.length,
        records: all.slice(from, to),
        path: path.map(toHex),
        next: to < all.length ? to : null,
    };
}

/** Answers a request of a node's evidence paths; null for other paths, and for epochs that it does not know. */
export function answerEvidencePath(
    target: string,
    epochOf: (epoch: number) => RecordedEvidence | undefined,
): EvidencePage | RecordPage | null {
    const { pathname, searchParams: query } = new URL(target, 'http://node.invalid');
    if (!pathname.startsWith(`${EVIDENCE_PATH}/`)) return null;
    const [, epoch, session] = pathname.slice(EVIDENCE_PATH.length + 1).split('/');
    const evidence = epochOf(Number(epoch));
    if (evidence === undefined) return null;
    if (session === undefined) {
        const limit = Number(query.get('limit') ?? DEFAULT_SESSIONS_PER_PAGE);
        return pageSessions(evidence, { after: query.get('after'), limit });
    }
    const limit = Number(query.get('limit') ?? DEFAULT_RECORDS_PER_PAGE);
    return pageRecords(evidence, { session, from: Number(query.get('from') ?? 0), limit });
}
