import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { DELIVERY_KINDS, type DeliveryKind } from '../../accounts/terms.js';
import { findDeliveryCommitmentAddress } from '../../addresses/index.js';
import { assertSlaSummary, type SlaSummary } from '../../core/sla.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash, assertInteger } from '../checks.js';
import { marketBookAccounts } from './program-calls.js';

const KIND_COUNT = Object.keys(DELIVERY_KINDS).length;

/** What `getCommitDeliveryInstructions` needs. */
export interface CommitDeliveryInput {
    /** The seller's owner, or its hot key with the scope `commit`. Signs. */
    readonly authority: PublicKey;
    /** Pays the rent and gets it back when the commitment is closed; `authority` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'seller' | 'vault' | 'epochCount'>;
    readonly epoch: number;
    readonly kind: DeliveryKind;
    /** Root of the settlement tree, 32 bytes (`buildSettlementTree`; `emptyRoot` without deliveries). */
    readonly root: Uint8Array;
    /** 1 to 20. */
    readonly depth: number;
    /** At most 2^(depth + 2). */
    readonly leafCount: number;
    readonly totalBytes: bigint;
    /** Names the published set of leaves and log files, 32 bytes. */
    readonly manifestHash: Uint8Array;
    readonly slaSummary: SlaSummary;
}

function assertTree({ root, depth, leafCount, totalBytes }: CommitDeliveryInput): void {
    assertHash('root', root);
    assertInteger('depth', depth, 1, 20);
    assertInteger('leafCount', leafCount, 0, 2 ** (depth + 2));
    if ((totalBytes === 0n) !== (leafCount === 0)) throw argumentError('leafCount', '0 if and only if totalBytes is 0');
}

/**
 * Commits what was delivered in one epoch, in the window after its end; the commitment is
 * `findDeliveryCommitmentAddress({ contract, epoch, kind })`. Epochs come in order: all kinds of one before the next.
 * Receipted kinds lock bond of the contract (`getBondContractInstructions`).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an epoch, kind or tree that cannot be; MKT_CORE__* for a summary
 * with shares above one million.
 * @example
 * const { root, depth, leafCount, totalBytes } = buildSettlementTree(leaves);
 * const instructions = await getCommitDeliveryInstructions({ authority: hot.publicKey, contract, epoch: 0, kind: 0,
 *     root, depth, leafCount, totalBytes, manifestHash, slaSummary });
 */
export async function getCommitDeliveryInstructions(input: CommitDeliveryInput): Promise<TransactionInstruction[]> {
    const { authority, payer = authority, contract, epoch, kind } = input;
    assertInteger('epoch', epoch, 0, contract.epochCount - 1);
    assertInteger('kind', kind, 0, KIND_COUNT - 1);
    assertTree(input);
    assertHash('manifestHash', input.manifestHash);
    assertSlaSummary(input.slaSummary);
    const accounts = {
        payer,
        authority,
        seller: contract.seller,
        contract: contract.address,
        commitment: findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind }),
        vault: contract.vault,
        ...marketBookAccounts(),
    };
    const args = {
        epoch,
        kind,
        root: input.root,
        depth: input.depth,
        leafCount: input.leafCount,
        totalBytes: input.totalBytes,
        manifestHash: input.manifestHash,
        slaSummary: input.slaSummary,
    };
    return [buildInstruction('settlement', 'commitDelivery', accounts, { args })];
}
