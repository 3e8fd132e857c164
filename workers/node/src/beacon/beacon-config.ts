import { z } from 'zod';
import { isTimeZone, WEEKDAYS } from './local-time.js';
import { parseClock } from './quiet-hours.js';

const GIBIBYTE = 1024 ** 3;
const clock = z.string().transform((text, context) => {
    const minutes = parseClock(text);
    if (minutes !== null) return minutes;
    context.addIssue({ code: 'custom', message: 'must be a time of day as HH:MM' });
    return z.NEVER;
});

/** What the owner of a line lets a node at home do. */
export const beaconConfig = z.object({
    timeZone: z
        .string()
        .refine(isTimeZone, 'must be a time zone of the IANA list, such as Europe/Vienna')
        .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
    /** GiB that may be fetched in a month; without it there is no cap. */
    monthlyCapGibibytes: z.number().positive().max(1_000_000).optional(),
    capResetDay: z.number().int().min(1).max(28).default(1),
    /** Times at which nothing is fetched. */
    quietHours: z
        .array(
            z.object({
                from: clock,
                to: clock,
                days: z
                    .array(z.enum(WEEKDAYS))
                    .min(1)
                    .default(() => [...WEEKDAYS]),
            }),
        )
        .max(32)
        .default([]),
    /** `auto` asks NetworkManager; `yes` and `no` are the owner's word. */
    metered: z.enum(['auto', 'yes', 'no']).default('auto'),
    /** Whether it may fetch over a line that is metered. */
    fetchesWhenMetered: z.boolean().default(false),
});
export type BeaconConfig = z.infer<typeof beaconConfig>;

export const capBytesOf = ({ monthlyCapGibibytes }: BeaconConfig): bigint | null =>
    monthlyCapGibibytes === undefined ? null : BigInt(Math.floor(monthlyCapGibibytes * GIBIBYTE));
