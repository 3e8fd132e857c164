import type { Fields } from '../chain/borsh.js';
import type { Findings } from '../findings.js';
import { compare, type Expected } from './compare.js';

export type ToldEvent = { name: string; fields: Fields };

/** The events of one instruction: each must be what was recomputed, none may be missing, none left over. */
export class InstructionEvents {
    readonly #left: ToldEvent[];

    constructor(
        events: readonly ToldEvent[],
        private readonly file: string,
        private readonly where: string,
        private readonly findings: Findings,
    ) {
        this.#left = [...events];
    }

    has(name: string): boolean {
        return this.#left.some((event) => event.name === name);
    }

    /** What the event says, compared with what it has to say; null when it is missing, which is a finding. */
    expect(name: string, expected: { readonly [field: string]: Expected }): Fields | null {
        const place = this.#left.findIndex((event) => event.name === name);
        const [event] = place < 0 ? [] : this.#left.splice(place, 1);
        if (event === undefined) {
            this.findings.add(this.file, this.where, `the event ${name} is missing`);
            return null;
        }
        for (const { field, expected: right, told } of compare(expected, event.fields, ''))
            this.findings.add(this.file, `${this.where}, event ${name}, ${field}`, `is ${told}, recomputed ${right}`);
        return event.fields;
    }

    end(): void {
        for (const { name } of this.#left)
            this.findings.add(this.file, this.where, `tells of ${name}, which does not follow from it`);
    }
}
