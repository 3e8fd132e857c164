import {
    buildInstruction,
    type CreateBountyInput,
    type CreateLotInput,
    encodeDeliveryMethods,
    encodeFootprint,
    type Footprint,
    findBountyAddress,
    findConfigAddress,
    findEscrowAddress,
    findLotAddress,
    findParticipantAddress,
    findTokenAccountAddress,
} from '@ocm/sdk';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { TransactionInstruction } from '@solana/web3.js';

const UNUSED_TIER = { metric: 0, threshold: 0, basisPoints: 0 };

/** A footprint or method that the SDK would refuse can be given as it is stored. */
interface Stored {
    readonly storedFootprint?: { kind: number; prefixLength: number; value: Uint8Array };
    readonly storedMethods?: number;
}

function store(footprint: Footprint) {
    const bytes = encodeFootprint(footprint);
    return { kind: bytes[0]!, prefixLength: bytes[1]!, value: bytes.subarray(2) };
}

/** `getCreateLotInstructions` without its own checks. */
export function createLotUnchecked(input: CreateLotInput & Stored): TransactionInstruction {
    const { owner, mint, tokenProgram = TOKEN_PROGRAM_ID, sla } = input;
    const contentProvider = findParticipantAddress({ owner });
    const lot = findLotAddress({ contentProvider, nonce: input.nonce });
    const vault = findEscrowAddress({ holder: lot });
    const config = findConfigAddress();
    const accounts = { payer: owner, owner, contentProvider, config, lot, mint, vault, tokenProgram };
    const args = {
        ...input,
        footprint: input.storedFootprint ?? store(input.footprint),
        deliveryMethods: input.storedMethods ?? encodeDeliveryMethods(input.deliveryMethods ?? ['unicast']),
        verifiedOnly: input.verifiedOnly ?? false,
        capBasisPoints: input.capBasisPoints ?? 10_000,
        sla: { ...sla, tiers: [...sla.tiers, ...new Array(8 - sla.tiers.length).fill(UNUSED_TIER)] },
    };
    return buildInstruction('market', 'createLot', accounts, { args });
}

/** `getCreateBountyInstructions` without its own checks. */
export function createBountyUnchecked(input: CreateBountyInput & Stored): TransactionInstruction {
    const { owner, mint, tokenProgram = TOKEN_PROGRAM_ID } = input;
    const contentProvider = findParticipantAddress({ owner });
    const bounty = findBountyAddress({ contentProvider, nonce: input.nonce });
    const accounts = {
        payer: owner,
        owner,
        contentProvider,
        config: findConfigAddress(),
        bounty,
        mint,
        vault: findEscrowAddress({ holder: bounty }),
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    const args = {
        ...input,
        footprint: input.storedFootprint ?? store(input.footprint),
        deliveryMethods: input.storedMethods ?? encodeDeliveryMethods(input.deliveryMethods ?? ['unicast']),
    };
    return buildInstruction('market', 'createBounty', accounts, { args });
}
