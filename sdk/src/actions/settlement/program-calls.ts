import { findEventAuthorityAddress, findSettlementAuthorityAddress } from '../../addresses/index.js';
import { PROGRAM_IDS } from '../../programs/ids.js';

/** What the settlement needs to move a contract's books in the market, in its own name. */
export function marketBookAccounts() {
    return { settlementAuthority: findSettlementAuthorityAddress(), marketProgram: PROGRAM_IDS.market };
}

/** What the settlement needs to let the market pay. */
export function marketCallAccounts() {
    return { ...marketBookAccounts(), marketEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.market) };
}
