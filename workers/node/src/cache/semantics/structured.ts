/** A member of a dictionary; `other` is a value that no cache directive has (list, token, decimal, bytes, date). */
export type DictionaryValue = number | string | boolean | { kind: 'other' };

const OTHER: DictionaryValue = { kind: 'other' };
const KEY = /^[a-z*][a-z0-9_\-.*]*/;
const BARE_ITEMS: [RegExp, (text: string) => DictionaryValue][] = [
    [/^-?[0-9]{1,12}\.[0-9]{1,3}(?![0-9.])/, () => OTHER],
    [/^-?[0-9]{1,15}(?![0-9.])/, Number],
    [/^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/, (text) => text.slice(1, -1).replace(/\\(.)/g, '$1')],
    [/^\?[01]/, (text) => text === '?1'],
    [/^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/, () => OTHER],
    [/^:[A-Za-z0-9+/]*={0,2}:/, () => OTHER],
    [/^@-?[0-9]{1,15}(?![0-9.])/, () => OTHER],
];

/** Takes what matches off the front of a text. */
class Scanner {
    #rest: string;
    constructor(text: string) {
        this.#rest = text;
    }
    get isDone(): boolean {
        return this.#rest === '';
    }
    take(pattern: RegExp): string | null {
        const match = pattern.exec(this.#rest);
        if (match === null) return null;
        this.#rest = this.#rest.slice(match[0].length);
        return match[0];
    }
}

/** A Structured Field dictionary (RFC 9651 4.2.2) of integers, strings and booleans; null if any part breaks the grammar. */
export function parseDictionary(text: string): Map<string, DictionaryValue> | null {
    const members = new Map<string, DictionaryValue>();
    const scanner = new Scanner(text.replace(/^ +| +$/g, ''));
    while (!scanner.isDone) {
        const key = scanner.take(KEY);
        if (key === null) return null;
        const value = scanner.take(/^=/) === null ? true : takeValue(scanner);
        if (value === null || !takeParameters(scanner)) return null;
        members.delete(key);
        members.set(key, value);
        scanner.take(/^[ \t]*/);
        if (scanner.isDone) return members;
        if (scanner.take(/^,/) === null) return null;
        scanner.take(/^[ \t]*/);
        if (scanner.isDone) return null;
    }
    return members;
}

function takeValue(scanner: Scanner): DictionaryValue | null {
    return scanner.take(/^\(/) === null ? takeBareItem(scanner) : takeInnerList(scanner);
}

function takeInnerList(scanner: Scanner): DictionaryValue | null {
    for (;;) {
        scanner.take(/^ */);
        if (scanner.take(/^\)/) !== null) return OTHER;
        if (takeBareItem(scanner) === null || !takeParameters(scanner)) return null;
        if (scanner.take(/^(?=[ )])/) === null) return null;
    }
}

function takeBareItem(scanner: Scanner): DictionaryValue | null {
    for (const [pattern, convert] of BARE_ITEMS) {
        const text = scanner.take(pattern);
        if (text !== null) return convert(text);
    }
    return null;
}

/** Parameters mean nothing to a cache (RFC 9213 2.1), but must be well formed. */
function takeParameters(scanner: Scanner): boolean {
    while (scanner.take(/^; */) !== null) {
        if (scanner.take(KEY) === null) return false;
        if (scanner.take(/^=/) !== null && takeBareItem(scanner) === null) return false;
    }
    return true;
}
