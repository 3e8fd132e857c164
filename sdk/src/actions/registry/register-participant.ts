import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { ParticipantKind } from '../../accounts/participant.js';
import { findConfigAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertKeySet } from '../checks.js';

/** What `getRegisterParticipantInstructions` needs. */
export interface RegisterParticipantInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** An auditor's word counts once the board has admitted it and its stake is enough. */
    readonly kind: ParticipantKind;
    /** The one mint of its stake and, for a seller, of its contracts. */
    readonly stakeMint: PublicKey;
    /** Where it wants its share; `owner` when left out. */
    readonly payout?: PublicKey;
}

/**
 * Registers a wallet as content provider, seller or auditor; its account is `findParticipantAddress({ owner })`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an unknown kind or an all-zero payout key.
 * @example const instructions = await getRegisterParticipantInstructions({ owner, kind: 'seller', stakeMint });
 */
export async function getRegisterParticipantInstructions(
    input: RegisterParticipantInput,
): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, kind, stakeMint, payout = owner } = input;
    assertKeySet('payout', payout);
    const accounts = {
        payer,
        owner,
        config: findConfigAddress(),
        stakeMint,
        participant: findParticipantAddress({ owner }),
    };
    return [buildInstruction('registry', 'registerParticipant', accounts, { args: { kind, payout } })];
}
