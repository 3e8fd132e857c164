import type { PublicKey } from '@solana/web3.js';
import type { Board } from '../../accounts/board.js';
import { argumentError } from '../../errors/sdk-error.js';
import { assertInteger, assertKeySet } from '../checks.js';

const MAX_SEATS = 16;
const MAX_WEIGHT = 0xffff;

/** Seats and rules of a board. */
export interface BoardRules {
    /** One to sixteen; a seat without a weight has one vote. */
    readonly seats: readonly { readonly member: PublicKey; readonly weight?: number }[];
    /** Sum of weights that decides: more than half of all. */
    readonly threshold: Board['threshold'];
    /** From a decision to its execution: 72 hours to 90 days. */
    readonly timelockSecs: Board['timelockSecs'];
    /** One to 30 days. */
    readonly votingPeriodSecs: Board['votingPeriodSecs'];
}

/** Rules as the program takes them; refuses those that no board may have. */
export function encodeBoardRules(rules: BoardRules) {
    const { seats, threshold, timelockSecs, votingPeriodSecs } = rules;
    if (seats.length < 1 || seats.length > MAX_SEATS) throw argumentError('seats', 'one to sixteen seats');
    const weighed = seats.map(({ member, weight = 1 }, place) => {
        assertKeySet(`seats[${place}].member`, member);
        assertInteger(`seats[${place}].weight`, weight, 1, MAX_WEIGHT);
        return { member, weight };
    });
    if (new Set(seats.map(({ member }) => member.toBase58())).size < seats.length) {
        throw argumentError('seats', 'a member in no more than one seat');
    }
    const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
    assertInteger('threshold', threshold, Math.floor(total / 2) + 1, total);
    return { seats: weighed, threshold, timelockSecs, votingPeriodSecs };
}
