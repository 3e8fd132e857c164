import type { Authorities } from '../../accounts/config.js';
import { assertInteger, assertKeySet } from '../checks.js';

/** Refuses a missing key and a fee above the hard cap. */
export function assertAuthorities(authorities: Authorities): void {
    assertKeySet('board', authorities.board);
    assertKeySet('guardian', authorities.guardian);
    assertKeySet('treasury', authorities.treasury);
    assertInteger('feeBasisPoints', authorities.feeBasisPoints, 0, 500);
}
