/**
 * JSON text with bigints as plain integers. `JSON.stringify` cannot print them, and placeholders swapped in afterwards
 * could be forged by program logs; u64::MAX as rent epoch must come out exact.
 */
export function stringifyJson(value: unknown): string {
    switch (typeof value) {
        case 'bigint':
            return value.toString();
        case 'string':
            return JSON.stringify(value);
        case 'number':
            return Number.isFinite(value) ? String(value) : 'null';
        case 'boolean':
            return value ? 'true' : 'false';
        case 'object':
            return value === null ? 'null' : stringifyObject(value);
        default:
            return 'null';
    }
}

/** Text that is JSON already and goes out as it is. */
export class RawJson {
    constructor(readonly text: string) {}
}

function stringifyObject(value: object): string {
    if (value instanceof RawJson) return value.text;
    if (Array.isArray(value)) return `[${value.map(stringifyJson).join(',')}]`;
    const parts: string[] = [];
    for (const [key, entry] of Object.entries(value)) {
        if (entry !== undefined) parts.push(`${JSON.stringify(key)}:${stringifyJson(entry)}`);
    }
    return `{${parts.join(',')}}`;
}
