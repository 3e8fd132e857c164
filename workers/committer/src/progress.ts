import { type Journal, type Logger, openJournal } from '@ocm/runtime';
import { z } from 'zod';

const entrySchema = z.object({
    contract: z.string(),
    epoch: z.int(),
    kind: z.int(),
    /** `intent` is written before a commitment is sent; the others end an epoch. */
    outcome: z.enum(['intent', 'committed', 'skipped', 'missed']),
    detail: z.string(),
});
export type ProgressEntry = z.infer<typeof entrySchema>;
export type Outcome = ProgressEntry['outcome'];

/** What was decided about each epoch, journaled before it shows on chain. The chain stays the truth about commitments. */
export class Progress {
    readonly #journal: Journal;
    /** By contract and then by epoch; in each, by kind. */
    readonly #outcomes = new Map<string, Map<number, Map<number, Outcome>>>();

    private constructor(journal: Journal) {
        this.#journal = journal;
        for (const payload of journal.entries)
            this.#apply(entrySchema.parse(JSON.parse(new TextDecoder().decode(payload))));
    }

    static async open({ path, log }: { path: string; log: Logger }): Promise<Progress> {
        return new Progress(await openJournal({ path, log }));
    }

    outcomeOf(contract: string, epoch: number, kind: number): Outcome | undefined {
        return this.#outcomes.get(contract)?.get(epoch)?.get(kind);
    }

    isDone(contract: string, epoch: number, kind: number): boolean {
        const outcome = this.outcomeOf(contract, epoch, kind);
        return outcome !== undefined && outcome !== 'intent';
    }

    /** Lowest and highest epoch that this worker has dealt with. */
    rangeOf(contract: string): { lowest: number; highest: number } | null {
        const epochs = [...(this.#outcomes.get(contract)?.keys() ?? [])];
        if (epochs.length === 0) return null;
        return epochs.reduce(
            (range, epoch) => ({ lowest: Math.min(range.lowest, epoch), highest: Math.max(range.highest, epoch) }),
            { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY },
        );
    }

    async record(entry: ProgressEntry): Promise<void> {
        await this.#journal.append(new TextEncoder().encode(JSON.stringify(entry)));
        this.#apply(entry);
    }

    close(): Promise<void> {
        return this.#journal.close();
    }

    #apply({ contract, epoch, kind, outcome }: ProgressEntry): void {
        const epochs = this.#outcomes.get(contract) ?? new Map<number, Map<number, Outcome>>();
        const kinds = epochs.get(epoch) ?? new Map<number, Outcome>();
        this.#outcomes.set(contract, epochs.set(epoch, kinds.set(kind, outcome)));
    }
}
