import { type LocalTime, WEEKDAYS, type Weekday } from './local-time.js';

export interface QuietWindow {
    /** Minutes since midnight; the window may cross midnight, and is then that of the day on which it began. */
    from: number;
    to: number;
    /** Days on which it begins. */
    days: readonly Weekday[];
}

/** `HH:MM` as minutes since midnight; `24:00` is the end of the day. Null for anything else. */
export function parseClock(text: string): number | null {
    const match = /^([01][0-9]|2[0-4]):([0-5][0-9])$/.exec(text);
    if (match === null) return null;
    const minutes = Number(match[1]) * 60 + Number(match[2]);
    return minutes <= 24 * 60 ? minutes : null;
}

/** From its first minute on, up to but without its last. A window from a time to the same time is the whole day. */
export function isQuiet(windows: readonly QuietWindow[], { weekday, minutes }: LocalTime): boolean {
    const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(weekday) + 6) % 7];
    return windows.some(({ from, to, days }) => {
        const begins = days.includes(weekday);
        if (from < to) return begins && minutes >= from && minutes < to;
        return (begins && minutes >= from) || (yesterday !== undefined && days.includes(yesterday) && minutes < to);
    });
}
