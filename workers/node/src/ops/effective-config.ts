import { redactUrl } from '@ocm/runtime';

/** Names of fields whose values open something. Paths of key files are no secrets, what is in them never comes here. */
const SECRET = /secret|hmac|token|pass(word|phrase)|api_?key|private|licen[cs]eKey/i;
/** Providers put keys into paths too. */
const RPC = /^(rpc|ws)Url$/;
const CENSORED = '[redacted]';

/** A config as it may be shown: without secrets, and without what providers put into the query of a URL. */
export function redactConfig(value: unknown, name = ''): unknown {
    if (value !== undefined && value !== null && SECRET.test(name) && !/Path$/.test(name)) {
        return Array.isArray(value) ? value.map(() => CENSORED) : CENSORED;
    }
    if (typeof value === 'string' && RPC.test(name)) return `${new URL(value).origin}/${CENSORED}`;
    if (typeof value === 'string') return /^[a-z]+:\/\//i.test(value) ? redactUrl(value) : value;
    if (Array.isArray(value)) return value.map((item) => redactConfig(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactConfig(item, key)]));
}
