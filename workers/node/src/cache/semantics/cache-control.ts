/** Directives by lower-case name: the argument without quotes, or true for one without an argument. */
export type Directives = ReadonlyMap<string, string | true>;

/** RFC 9111 1.2.2: a cache that meets a greater number of seconds uses this one. */
export const MAX_DELTA_SECS = 2 ** 31;
const MEMBER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=([\s\S]*))?$/;

/**
 * Cache-Control of a request or a response (RFC 9111 5.2). What breaks the grammar is left out, as 5.2.3 asks of directives
 * that are not known. Of several values the first counts (4.2.1), but the stricter form of `private` and `no-cache`.
 */
export function parseCacheControl(text: string | undefined): Directives {
    const directives = new Map<string, string | true>();
    for (const member of splitMembers(text ?? '')) {
        const match = MEMBER.exec(member);
        if (match?.[1] === undefined) continue;
        const name = match[1].toLowerCase();
        const value = match[2] === undefined ? true : unquote(match[2]);
        const known = directives.get(name);
        if (known === undefined) directives.set(name, value);
        else if (name === 'private' || name === 'no-cache') directives.set(name, stricter(known, value));
    }
    return directives;
}

/** Members of a list (RFC 9110 5.6.1); commas within quotes separate nothing. */
export function splitMembers(text: string): string[] {
    const members: string[] = [];
    let start = 0;
    let isQuoted = false;
    for (let index = 0; index <= text.length; index += 1) {
        const character = text[index];
        if (character === '\\' && isQuoted) index += 1;
        else if (character === '"') isQuoted = !isQuoted;
        else if (index >= text.length || (character === ',' && !isQuoted)) {
            members.push(text.slice(start, index).trim());
            start = index + 1;
        }
    }
    if (start < text.length && isQuoted) members.push(text.slice(start).trim());
    return members.filter((member) => member !== '');
}

function unquote(value: string): string {
    const match = /^"((?:[^"\\]|\\.)*)"$/.exec(value);
    return match?.[1] === undefined ? value : match[1].replace(/\\(.)/g, '$1');
}

const stricter = (one: string | true, other: string | true): string | true =>
    one === true || other === true ? true : `${one}, ${other}`;

/**
 * Seconds of a directive; undefined if it is not there, 0 if its value is none: RFC 9111 4.2.1 wants a response with broken
 * freshness to be taken for stale.
 */
export function secondsOf(directives: Directives, name: string): number | undefined {
    const value = directives.get(name);
    if (value === undefined) return undefined;
    if (value === true || !/^[0-9]+$/.test(value)) return 0;
    return Math.min(Number(value), MAX_DELTA_SECS);
}

/** Lower-case field names that a qualified `no-cache` or `private` lists (RFC 9111 5.2.2.4, 5.2.2.7). */
export function listedFields(directives: Directives, name: 'no-cache' | 'private'): string[] {
    const value = directives.get(name);
    if (value === undefined || value === true) return [];
    return splitMembers(value).map((field) => field.toLowerCase());
}

/** The directive for the whole response, not for some of its fields. */
export const isUnqualified = (directives: Directives, name: string): boolean => directives.get(name) === true;
