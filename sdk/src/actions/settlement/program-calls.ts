import { findEventAuthorityAddress, findSettlementAuthorityAddress } from '../../addresses/index.js';
import { PROGRAM_IDS } from '../../programs/ids.js';

/** What the settlement needs to call the market in its own name. */
export function marketCallAccounts() {
    return {
        settlementAuthority: findSettlementAuthorityAddress(),
        marketProgram: PROGRAM_IDS.market,
        marketEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.market),
    };
}

/** What the settlement needs to call market and registry in its own name. */
export function programCallAccounts() {
    return {
        ...marketCallAccounts(),
        registryProgram: PROGRAM_IDS.registry,
        registryEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.registry),
    };
}
