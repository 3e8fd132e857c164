import { Pack } from '../pack.js';
import { appendHistory, FEE_BASIS_POINTS, min, penaltyOf, share, spare, TREASURY, updateFunding } from './rules.js';
import type { Commitment, Contract } from './state.js';

/** Protocol 6.9, for one commitment that is final. */
export function settle(now: number, contract: Contract, commitment: Commitment): void {
    const { kind, gross, lock, bytes, epoch, root, slaSource } = commitment;
    const { id, offer } = contract;
    const { sla, commitFee, splits } = offer;
    const basisPoints = penaltyOf(sla, commitment.summary);
    const isSevere = basisPoints > 0 && basisPoints >= sla.severeBasisPoints;
    const missing = kind === 0 && slaSource !== 0 && !isSevere && commitFee > gross ? commitFee - gross : 0n;
    const topUp = min(missing, spare(contract));
    const penalty = share(gross + topUp, basisPoints);
    const net = gross + topUp - penalty;
    const fee = share(net, FEE_BASIS_POINTS);
    let left = net;
    for (const [index, split] of splits.entries()) {
        const part = share(net - fee, split.basisPoints);
        contract.owed[index]! += part;
        left -= part;
    }
    contract.owed[TREASURY]! += left;
    const slashed = isSevere ? min(lock, share(commitFee, sla.slashBasisPoints)) : 0n;
    contract.bondTotal -= slashed;
    contract.bondFree += lock - slashed;
    contract.slashPending += slashed;
    contract.openGross -= gross;
    contract.open -= 1;
    contract.bytes[kind]! += bytes;
    contract.gross[kind]! += gross;
    contract.penalty += penalty;
    contract.topUp += topUp;
    contract.paid += net;
    const leaf = new Pack().u8(0).address(`commitment:${id}:${epoch}:${kind}`).u32(epoch).u8(kind).raw(root);
    appendHistory(contract.frontier, contract.settled, leaf.u64(bytes).u64(gross).u64(penalty).done());
    contract.settled += 1;
    updateFunding(contract, now);
}
