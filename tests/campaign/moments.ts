import type { VictimKind } from './history.js';
import type { Random } from './random.js';

/**
 * When a life ends: so long after it began or after a time of peace; at its n-th request to the chain, line of its
 * log or write to its folder; at its n-th transaction, which is lost, or comes only after the next life's first, or is
 * executed and not answered.
 */
export type Moment =
    | { at: 'boot' | 'time'; delayMs: number }
    | { at: 'request' | 'line' | 'write'; count: number }
    | { at: 'lost' | 'late' | 'between'; count: number };

const LONGEST_BOOT_MS = 900;
const LONGEST_LIFE_MS = 2_500;
const MOST_REQUESTS = 25;
const MOST_LINES = 3;
const MOST_WRITES = 12;
const MOST_SENDS = 2;
const ALWAYS = ['time', 'time', 'request', 'request', 'write', 'write', 'line', 'boot'] as const;
const SENDS = ['lost', 'late', 'between'] as const;
/** Who sends transactions in an honest market. */
const SENDERS: readonly VictimKind[] = ['committer', 'provider'];

export function drawMoment(random: Random, kind: VictimKind): Moment {
    const { between, pick } = random;
    const at = pick(SENDERS.includes(kind) ? [...ALWAYS, ...SENDS] : ALWAYS);
    switch (at) {
        case 'boot':
            return { at, delayMs: between(0, LONGEST_BOOT_MS) };
        case 'time':
            return { at, delayMs: between(0, LONGEST_LIFE_MS) };
        case 'request':
            return { at, count: between(1, MOST_REQUESTS) };
        case 'line':
            return { at, count: between(1, MOST_LINES) };
        case 'write':
            return { at, count: between(1, MOST_WRITES) };
        default:
            return { at, count: between(1, MOST_SENDS) };
    }
}

export const describeMoment = (moment: Moment): string =>
    'delayMs' in moment ? `${moment.at} ${moment.delayMs} ms` : `${moment.at} ${moment.count}`;
