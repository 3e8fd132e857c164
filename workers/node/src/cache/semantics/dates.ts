const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const LONG_DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const FORMATS = [
    new RegExp(`^${DAY}, (?<day>\\d{2}) (?<month>[a-z]{3}) (?<year>\\d{4}) ${TIME} gmt$`, 'i'),
    new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-(?<month>[a-z]{3})-(?<year>\\d{2}) ${TIME} gmt$`, 'i'),
    new RegExp(`^${DAY} (?<month>[a-z]{3}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`, 'i'),
];
const FIFTY_YEARS = 50;

/**
 * Unix milliseconds of an HTTP-date in its three formats (RFC 9110 5.6.7), else undefined. Names in any case are taken, as
 * RFC 9111 4.2 asks; nothing else is guessed, because a guessed date makes a stale response fresh.
 */
export function parseHttpDate(text: string | undefined, nowMs = Date.now()): number | undefined {
    if (text === undefined || text.length > 40) return undefined;
    const match = FORMATS.map((format) => format.exec(text)).find((found) => found !== null);
    const parts = match?.groups;
    if (parts === undefined) return undefined;
    const number = (name: string): number => Number(parts[name]);
    const month = MONTHS.indexOf((parts.month ?? '').toLowerCase());
    const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')];
    const year = (parts.year ?? '').length === 2 ? fullYear(number('year'), nowMs) : number('year');
    // Second 60 is a leap second.
    if (month < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
    const at = new Date(0);
    at.setUTCFullYear(year, month, day);
    at.setUTCHours(hour, minute, second, 0);
    return at.getTime();
}

/** RFC 9110 5.6.7: two digits that would lie more than 50 years ahead are the last such year that has passed. */
function fullYear(twoDigits: number, nowMs: number): number {
    const thisYear = new Date(nowMs).getUTCFullYear();
    const year = thisYear - (thisYear % 100) + twoDigits;
    return year > thisYear + FIFTY_YEARS ? year - 100 : year;
}
