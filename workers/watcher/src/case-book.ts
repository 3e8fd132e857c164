import { type Journal, type Logger, openJournal } from '@ocm/runtime';
import { z } from 'zod';

const entrySchema = z.discriminatedUnion('type', [
    /** What a look at a commitment came to; it is not looked at again. */
    z.object({ type: z.literal('examined'), commitment: z.string(), findings: z.number().int() }),
    /** Written before the challenge is sent; its evidence file is on disk by then. */
    z.object({
        type: z.literal('intent'),
        challenge: z.string(),
        commitment: z.string(),
        contract: z.string(),
        target: z.string(),
        bond: z.string(),
        isFree: z.boolean(),
    }),
    z.object({ type: z.literal('sent'), challenge: z.string(), lamports: z.string() }),
    /** Another's challenge stands at that address, or the commitment ended before ours came. */
    z.object({ type: z.literal('dropped'), challenge: z.string(), reason: z.string() }),
    z.object({
        type: z.literal('closed'),
        challenge: z.string(),
        outcome: z.enum(['won', 'answered', 'overtaken', 'gone']),
        payout: z.string(),
    }),
]);
export type CaseEntry = z.infer<typeof entrySchema>;
type Intent = Extract<CaseEntry, { type: 'intent' }>;
export type Case = Intent & { state: 'intent' | 'sent' | 'dropped' | 'closed'; outcome: string | null };

/** What this worker has decided, journaled before it shows on chain. The chain stays the truth about challenges. */
export class CaseBook {
    readonly #journal: Journal;
    readonly #examined = new Set<string>();
    readonly #cases = new Map<string, Case>();
    #spentLamports = 0n;

    private constructor(journal: Journal) {
        this.#journal = journal;
        for (const payload of journal.entries)
            this.#apply(entrySchema.parse(JSON.parse(new TextDecoder().decode(payload))));
    }

    static async open({ path, log }: { path: string; log: Logger }): Promise<CaseBook> {
        return new CaseBook(await openJournal({ path, log }));
    }

    isExamined(commitment: string): boolean {
        return this.#examined.has(commitment);
    }

    /** Cases that are not over. */
    listOpen(): Case[] {
        return [...this.#cases.values()].filter(({ state }) => state === 'intent' || state === 'sent');
    }

    /** Challenges of a commitment that were sent or are about to be. */
    listOf(commitment: string): Case[] {
        return [...this.#cases.values()].filter((each) => each.commitment === commitment && each.state !== 'dropped');
    }

    find(challenge: string): Case | undefined {
        return this.#cases.get(challenge);
    }

    /** Bonds in open challenges, base units. */
    get bondsAtStake(): bigint {
        return this.listOpen().reduce((sum, { bond }) => sum + BigInt(bond), 0n);
    }

    /** Bonds that went to whoever answered; one that somebody else closed may have been paid back, and counts as well. */
    get lostBonds(): bigint {
        const lost = [...this.#cases.values()].filter(({ outcome }) => outcome === 'answered' || outcome === 'gone');
        return lost.reduce((sum, { bond }) => sum + BigInt(bond), 0n);
    }

    get spentLamports(): bigint {
        return this.#spentLamports;
    }

    async record(entry: CaseEntry): Promise<void> {
        await this.#journal.append(new TextEncoder().encode(JSON.stringify(entry)));
        this.#apply(entry);
    }

    close(): Promise<void> {
        return this.#journal.close();
    }

    #apply(entry: CaseEntry): void {
        if (entry.type === 'examined') this.#examined.add(entry.commitment);
        else if (entry.type === 'intent')
            this.#cases.set(entry.challenge, { ...entry, state: 'intent', outcome: null });
        else {
            if (entry.type === 'sent') this.#spentLamports += BigInt(entry.lamports);
            const known = this.#cases.get(entry.challenge);
            if (known === undefined) return;
            known.state = entry.type;
            if (entry.type === 'closed') known.outcome = entry.outcome;
        }
    }
}
