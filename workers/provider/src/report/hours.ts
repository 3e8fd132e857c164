import { failure } from '@ocm/runtime';

/** Every offset from UTC that is or was in use since 1972 is a multiple of it. */
const OFFSET_STEP_MS = 15 * 60_000;

/**
 * Names the local hour of a moment as `2026-10-25T02:00+01:00`: with its offset, because an hour comes twice when summer
 * time ends.
 * @throws MKT_PROVIDER__TIMEZONE_UNKNOWN
 */
export function createHourNamer(timezone: string): { timezone: string; name: (unixMs: number) => string } {
    const format = openFormat(timezone);
    const names = new Map<number, string>();
    const name = (unixMs: number): string => {
        const quarter = Math.floor(unixMs / OFFSET_STEP_MS);
        const known = names.get(quarter);
        if (known !== undefined) return known;
        const parts = new Map(format.formatToParts(quarter * OFFSET_STEP_MS).map(({ type, value }) => [type, value]));
        const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
        const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
        const made = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:00${offset}`;
        names.set(quarter, made);
        return made;
    };
    return { timezone: format.resolvedOptions().timeZone, name };
}

function openFormat(timeZone: string): Intl.DateTimeFormat {
    const two = '2-digit';
    try {
        return new Intl.DateTimeFormat('en-US', {
            timeZone,
            calendar: 'gregory',
            numberingSystem: 'latn',
            hourCycle: 'h23',
            year: 'numeric',
            month: two,
            day: two,
            hour: two,
            timeZoneName: 'longOffset',
        });
    } catch {
        throw failure(
            'MKT_PROVIDER__TIMEZONE_UNKNOWN',
            `${timeZone.slice(0, 64)} is no IANA time zone; use one such as UTC or Europe/Berlin`,
        );
    }
}
