/** One moment as the wall clock of a place shows it. */
export interface LocalTime {
    year: number;
    /** 1 to 12. */
    month: number;
    day: number;
    weekday: Weekday;
    /** Since midnight by the clock on the wall, 0 to 1439. */
    minutes: number;
}
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Whether this machine knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
    try {
        new Intl.DateTimeFormat('en', { timeZone: name });
        return true;
    } catch {
        return false;
    }
}

/** A reader of wall clocks in one time zone, summer time included. */
export function createLocalClock(timeZone: string): (unixMs: number) => LocalTime {
    const format = new Intl.DateTimeFormat('en-GB', {
        timeZone,
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        weekday: 'short',
        hour: 'numeric',
        minute: 'numeric',
        hourCycle: 'h23',
    });
    return (unixMs) => {
        const parts = new Map(format.formatToParts(unixMs).map(({ type, value }) => [type, value]));
        const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
        const weekday = WEEKDAYS.find((name) => name === parts.get('weekday')?.toLowerCase());
        if (weekday === undefined) throw new RangeError(`no weekday in ${timeZone} at ${unixMs}`);
        return {
            year: read('year'),
            month: read('month'),
            day: read('day'),
            weekday,
            minutes: read('hour') * 60 + read('minute'),
        };
    };
}
