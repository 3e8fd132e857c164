import type { HeaderMap } from '../headers.js';
import { splitMembers } from './cache-control.js';

/** Request fields that a response depends on, in order of names, with their normalised values. */
export type Selecting = readonly (readonly [name: string, value: string])[];

/** Lists whose order and case mean nothing (RFC 9110 12.4): `en, de` selects what `de, EN` does. */
const UNORDERED = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language']);

/** Fields that one response may depend on; a longer list fits nobody, rather than being compared at every request. */
const MAX_FIELDS = 32;

/** Lower-case names in `Vary` without repetitions; `*` if any member is one, as then no request fits (RFC 9111 4.1). */
export function fieldsOfVary(vary: string | undefined): readonly string[] | '*' {
    const names = new Set(splitMembers(vary ?? '').map((name) => name.toLowerCase()));
    return names.has('*') || names.size > MAX_FIELDS ? '*' : [...names].sort();
}

/** RFC 9111 4.1: white space, line breaks between members, and order where it means nothing, make no difference. */
function normalise(name: string, value: string | undefined): string {
    if (value === undefined) return '';
    const members = splitMembers(value);
    if (!UNORDERED.has(name)) return members.join(',');
    return members
        .map((member) => member.toLowerCase().replace(/\s+/g, ''))
        .sort()
        .join(',');
}

/** What of a request selected a response with this `Vary`. */
export function selectingOf(vary: string | undefined, request: HeaderMap): Selecting {
    const names = fieldsOfVary(vary);
    if (names === '*') return [];
    return names.map((name) => [name, normalise(name, request[name])] as const);
}

/** Whether a request has the fields that selected a stored response. `language` is the Content-Language of that response. */
export function isSelected(selecting: Selecting, language: string | undefined, request: HeaderMap): boolean {
    return selecting.every(([name, value]) => {
        if (normalise(name, request[name]) === value) return true;
        return (
            name === 'accept-language' && language !== undefined && preferred(request[name]) === language.toLowerCase()
        );
    });
}

/** The one language that a viewer wants more than all others: a response in it is what negotiation would select. */
function preferred(acceptLanguage: string | undefined): string | undefined {
    const wanted = splitMembers((acceptLanguage ?? '').toLowerCase()).map((member) => {
        const [range = '', ...parameters] = member.split(';').map((part) => part.trim());
        const weight = parameters.map((parameter) => /^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1]).find(Boolean);
        return { range, weight: weight === undefined ? 1 : Number(weight) };
    });
    wanted.sort((a, b) => b.weight - a.weight);
    const [first, second] = wanted;
    if (first === undefined || first.weight === 0 || first.range === '*') return undefined;
    return second !== undefined && second.weight === first.weight ? undefined : first.range;
}
