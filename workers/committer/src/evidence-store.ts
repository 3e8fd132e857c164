import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeIssues, errorCodeOf, errorMessageOf, openJournal, readJournal } from '@ocm/runtime';
import { fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import {
    address,
    DEFAULT_SESSIONS_PER_PAGE,
    type EpochEvidence,
    type EpochHead,
    type EvidencePage,
    epochHead,
    evidencePage,
    signedSession,
} from '@ocm/sdk/http';
import { z } from 'zod';
import { corrupt } from './store-errors.js';

/** What of a node's evidence is on disk, and how the rest is added. */
export type Traversal = {
    head: EpochHead | null;
    sessions: number;
    /** Token hash to go on from; null before the first page, and after the last. */
    next: string | null;
    isComplete: boolean;
    /** Resolves when the page is on disk. */
    append(page: EvidencePage): Promise<void>;
    close(): Promise<void>;
};

/** Of a version that kept records: what it wrote, whole, of which only the number of records is still of use. */
const whole = epochHead.extend({
    sessions: z.array(signedSession.extend({ records: z.array(z.unknown()) })),
});
const WHOLE_FORM = /^evidence-([1-9A-HJ-NP-Za-km-z]{32,44})\.json$/;

/** Evidence of nodes by commitment, page by page as it came, without records: what was told once is not asked for again. */
export class EvidenceStore {
    readonly #folder: string;

    constructor(folder: string) {
        this.#folder = folder;
    }

    /** Null while it is not complete. @throws MKT_RUNTIME__JOURNAL_CORRUPT, MKT_COMMITTER__STORE_CORRUPT */
    async read(commitment: string, node: string): Promise<EpochEvidence | null> {
        const path = this.#pathOf(commitment, node);
        let evidence: EpochEvidence | null = null;
        let isComplete = false;
        try {
            for await (const { payload } of readJournal(path)) {
                const { sessions, next, ...head } = decode(path, payload);
                evidence ??= { ...head, sessions: [] };
                for (const session of sessions) evidence.sessions.push(session);
                isComplete = next === null;
            }
        } catch (error) {
            if (errorCodeOf(error) !== 'ENOENT') throw error;
        }
        return isComplete ? evidence : null;
    }

    /** Goes on where a traversal stopped, or begins one. */
    async resume(commitment: string, node: string): Promise<Traversal> {
        const path = this.#pathOf(commitment, node);
        const state = { head: null as EpochHead | null, sessions: 0, next: null as string | null, isComplete: false };
        const apply = ({ sessions, next, ...head }: EvidencePage) => {
            state.head ??= head;
            state.sessions += sessions.length;
            state.next = next;
            state.isComplete = next === null;
        };
        const journal = await openJournal({ path, replay: (payload) => apply(decode(path, payload)) });
        return Object.assign(state, {
            append: async (page: EvidencePage) => {
                await journal.append(new TextEncoder().encode(JSON.stringify(page)));
                apply(page);
            },
            close: () => journal.close(),
        });
    }

    discard(commitment: string, node: string): Promise<void> {
        return rm(this.#pathOf(commitment, node), { force: true });
    }

    /** Takes over what an earlier version has stored, without its records, which are gone from here then. */
    async dropRecords(commitment: string): Promise<void> {
        const folder = join(this.#folder, commitment);
        for (const name of await readdir(folder)) {
            const [, node] = WHOLE_FORM.exec(name) ?? [];
            if (node === undefined) continue;
            const { sessions, ...head } = await readWholeEvidence(join(folder, name));
            // A crash may have left a part of this.
            await this.discard(commitment, node);
            const traversal = await this.resume(commitment, node);
            for (let at = 0; at === 0 || at < sessions.length; at += DEFAULT_SESSIONS_PER_PAGE) {
                const page = sessions.slice(at, at + DEFAULT_SESSIONS_PER_PAGE);
                const isLast = at + DEFAULT_SESSIONS_PER_PAGE >= sessions.length;
                const next = isLast ? null : toHex(hashToken(fromBase64(page.at(-1)?.token ?? '')));
                await traversal.append({ ...head, sessions: page, next });
            }
            await traversal.close();
            await rm(join(folder, name));
        }
    }

    #pathOf(commitment: string, node: string): string {
        return join(this.#folder, address.parse(commitment), `evidence-${address.parse(node)}.journal`);
    }
}

function decode(path: string, payload: Uint8Array): EvidencePage {
    const result = evidencePage.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    if (result.success) return result.data;
    throw corrupt(path, describeIssues(result.error));
}

async function readWholeEvidence(path: string): Promise<EpochEvidence> {
    let parsed: unknown;
    try {
        parsed = JSON.parse(await readFile(path, 'utf8'));
    } catch (error) {
        throw corrupt(path, errorMessageOf(error), error);
    }
    const result = whole.safeParse(parsed);
    if (!result.success) throw corrupt(path, describeIssues(result.error));
    const { sessions, ...head } = result.data;
    return {
        ...head,
        sessions: sessions.map(({ records, ...signed }) => ({ ...signed, recordCount: records.length })),
    };
}
