import { logFile } from '../copy/layout.js';
import { readLogFile } from '../protocol/log-file.js';
import type { Records } from './operator.js';

export type LineName = { file: string; number: number };

/** Finds for each record the line of its node's log files that holds its values, each line once, in the order of the files. */
export class LineIndex {
    readonly #places = new Map<string, LineName[]>();

    add(node: string, name: string, bytes: Uint8Array): void {
        for (const { number, text, fields } of readLogFile(bytes).lines.values()) {
            const key = [node, fields.join('\t'), text].join('\n');
            const places = this.#places.get(key) ?? [];
            places.push({ file: logFile(node, name), number });
            this.#places.set(key, places);
        }
    }

    take(node: string, fields: Records[number]): LineName | null {
        const names = fields.map(({ name }) => name).join('\t');
        const values = fields.map(({ value }) => value).join('\t');
        return this.#places.get([node, names, values].join('\n'))?.shift() ?? null;
    }
}
