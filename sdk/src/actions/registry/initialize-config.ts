import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Params } from '../../accounts/config.js';
import { findConfigAddress, findProgramDataAddress } from '../../addresses/index.js';
import { PROGRAM_IDS } from '../../programs/ids.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertAuthorities } from './authorities.js';
import { encodeParams } from './params.js';

/** What `getInitializeConfigInstructions` needs. */
export interface InitializeConfigInput {
    /** Pays the rent; `upgradeAuthority` when left out. Signs. */
    readonly payer?: PublicKey;
    /** The registry program's upgrade authority. Signs. */
    readonly upgradeAuthority: PublicKey;
    readonly board: PublicKey;
    readonly guardian: PublicKey;
    readonly treasury: PublicKey;
    /** First four bytes of the cluster's genesis hash, read little-endian. */
    readonly clusterTag: number;
    /** Lowers the least times to one second, for ever; never on a public cluster. */
    readonly development: boolean;
    /** At most 500. */
    readonly feeBasisPoints: number;
    readonly params: Params;
}

/**
 * Creates the marketplace's configuration, once per cluster.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a missing key, a fee above 500 basis points, or a parameter
 * that does not fit its field.
 * @example
 * const instructions = await getInitializeConfigInstructions({ upgradeAuthority, board, guardian, treasury, clusterTag,
 *     development: false, feeBasisPoints: 200, params: DEFAULT_PARAMS });
 */
export async function getInitializeConfigInstructions(input: InitializeConfigInput): Promise<TransactionInstruction[]> {
    const { upgradeAuthority, payer = upgradeAuthority, board, guardian, treasury, params } = input;
    assertAuthorities({ board, guardian, treasury, feeBasisPoints: input.feeBasisPoints });
    return [
        buildInstruction(
            'registry',
            'initializeConfig',
            {
                payer,
                upgradeAuthority,
                config: findConfigAddress(),
                programData: findProgramDataAddress(PROGRAM_IDS.registry),
            },
            {
                args: {
                    board,
                    guardian,
                    treasury,
                    clusterTag: input.clusterTag,
                    development: input.development,
                    feeBasisPoints: input.feeBasisPoints,
                    params: encodeParams(params),
                },
            },
        ),
    ];
}
