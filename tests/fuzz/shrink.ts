import { replay } from './episode.js';
import type { Machine } from './machine.js';
import { newTally, type Step, type Violation } from './step.js';

const MAX_REPLAYS = 1_500;
const MAX_SHRINK_MS = 60_000;

/** What two violations must share to be one: the operation, and the kind of difference without its figures. */
const kindOf = ({ what, step }: Violation) =>
    `${what.startsWith('INV-') ? '' : step?.op} ${what.replace(/\d+/g, '#').replace(/[a-z]+#:[a-z]+#:#/g, '')}`;

/** The smallest script found that still ends in the same violation, by leaving out ever smaller pieces (delta debugging). */
export function shrink(machine: Machine, steps: readonly Step[], violation: Violation): readonly Step[] {
    const wanted = kindOf(violation);
    let best = steps.slice(0, violation.place + 1);
    let replays = 0;
    const endsAt = Date.now() + MAX_SHRINK_MS;
    const mayGoOn = () => replays < MAX_REPLAYS && Date.now() < endsAt;
    for (let size = Math.ceil(best.length / 2); size >= 1 && mayGoOn(); ) {
        let isSmaller = false;
        for (let from = 0; from < best.length && mayGoOn(); ) {
            const candidate = [...best.slice(0, from), ...best.slice(from + size)];
            const found = replay(machine, candidate, newTally());
            replays += 1;
            if (found && kindOf(found) === wanted) {
                best = candidate.slice(0, found.place + 1);
                isSmaller = true;
            } else from += size;
        }
        if (size === 1 && !isSmaller) break;
        size = size === 1 ? 1 : Math.ceil(size / 2);
    }
    return best;
}
