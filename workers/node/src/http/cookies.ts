import type { ServerResponse } from 'node:http';

/** Puts cookies on a response as fields of their own (RFC 9110 5.3); returns the other fields. */
export function takeCookies(headers: Record<string, string>, response: ServerResponse): Record<string, string> {
    const { 'set-cookie': cookies, ...rest } = headers;
    if (cookies !== undefined) response.setHeader('set-cookie', cookies.split('\n'));
    return rest;
}
