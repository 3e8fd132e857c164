import type { Value } from '../chain/borsh.js';

export type Difference = { field: string; expected: string; told: string };

/** A value that cannot be recomputed to the unit is judged by a rule instead. */
export type Expected =
    | Value
    | ((told: Value) => boolean)
    | readonly Expected[]
    | { readonly [field: string]: Expected };

export function show(value: unknown): string {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'string') return value;
    if (typeof value === 'function') return 'a value within its limits';
    return (
        JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member)) ??
        'nothing'
    );
}

/** Where two values differ, down to the field. */
export function compare(expected: Expected | undefined, told: Value | undefined, field: string): Difference[] {
    if (typeof expected === 'function') {
        const isRight = told !== undefined && expected(told);
        return isRight ? [] : [{ field, expected: show(expected), told: show(told) }];
    }
    if (isObject(expected) && isObject(told)) {
        const expectedMembers = expected as { readonly [name: string]: Expected };
        const toldMembers = told as { readonly [name: string]: Value };
        const names = new Set([...Object.keys(expectedMembers), ...Object.keys(toldMembers)]);
        return [...names].flatMap((name) =>
            compare(expectedMembers[name], toldMembers[name], field === '' ? name : `${field}.${name}`),
        );
    }
    return expected === told ? [] : [{ field, expected: show(expected), told: show(told) }];
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
