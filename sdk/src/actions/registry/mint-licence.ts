import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findLicenceAccountAddress } from '../../accounts/node-licence.js';
import { findLicenceAddress, findParticipantAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getMintLicenceInstructions` needs. */
export interface MintLicenceInput {
    /** Owner of the node's participant: the wallet that gets the token. */
    readonly owner: PublicKey;
    /** The owner, or its hot key with the permission to prove; `owner` when left out. Signs. */
    readonly authority?: PublicKey;
    /** Pays the rent; `authority` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly node: PublicKey;
    /** Shown by wallets: at most 200 bytes of printable ASCII, none when left out. Nobody can change it later. */
    readonly uri?: string;
}

const URI_PATTERN = /^[!-~]{0,200}$/;

/**
 * Mints a node's licence, once: a token that cannot be transferred and shows who registered the node. It gives no authority.
 * Leave it a transaction of its own: it takes some 20 inner instructions.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the URI is longer than 200 bytes or not printable ASCII.
 * @example const instructions = await getMintLicenceInstructions({ owner, node });
 */
export async function getMintLicenceInstructions(input: MintLicenceInput): Promise<TransactionInstruction[]> {
    const { owner, authority = owner, payer = authority, node, uri = '' } = input;
    if (!URI_PATTERN.test(uri)) throw argumentError('uri', 'at most 200 bytes of printable ASCII');
    const accounts = {
        payer,
        authority,
        owner,
        participant: findParticipantAddress({ owner }),
        node,
        licenceMint: findLicenceAddress({ node }),
        licenceAccount: findLicenceAccountAddress({ node, owner }),
    };
    return [buildInstruction('registry', 'mintLicence', accounts, { uri })];
}
