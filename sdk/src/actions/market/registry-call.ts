import { findEventAuthorityAddress, findMarketAuthorityAddress } from '../../addresses/index.js';
import { PROGRAM_IDS } from '../../programs/ids.js';

/** What the market needs to call the registry in its own name. */
export function registryCallAccounts() {
    return {
        marketAuthority: findMarketAuthorityAddress(),
        registryProgram: PROGRAM_IDS.registry,
        registryEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.registry),
    };
}
