import { failure } from '@ocm/runtime';
import { z } from 'zod';

const MAX_CURSOR_LENGTH = 400;

export type Place = (string | number)[];

/** Where the next page begins, opaque to clients: the list that it is of and the place of the last item. */
export function encodeCursor(list: string, place: Readonly<Place>): string {
    return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/** @throws MKT_HTTP__CURSOR_INVALID for anything but a cursor of this list. */
export function decodeCursor(list: string, place: readonly z.ZodType<string | number>[], text: string): Place {
    const parsed = z.tuple([z.literal(list), ...place]).safeParse(parse(text));
    if (parsed.success) return parsed.data.slice(1) as Place;
    throw failure(
        'MKT_HTTP__CURSOR_INVALID',
        'cursor: is none of this list; leave it out for the first page, and take nextCursor of the page before',
    );
}

function parse(text: string): unknown {
    if (text.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
    try {
        return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    } catch {
        return null;
    }
}
