/** One difference: the file of the copy, the record in it, and what is wrong. */
export type Finding = { file: string; record: string; problem: string };

const MAX_FINDINGS = 10_000;

/** What differs, and what could not be checked; both are told, neither is passed over. */
export class Findings {
    readonly differences: Finding[] = [];
    readonly notes = new Set<string>();

    add(file: string, record: string, problem: string): void {
        if (this.differences.length < MAX_FINDINGS) this.differences.push({ file, record, problem });
    }

    /** Something that is neither right nor wrong: nothing was there to check it by. */
    note(text: string): void {
        this.notes.add(text);
    }
}
