import { acceptOffer } from './accept-offer.js';
import { bondContract, collectSlash, releaseBond } from './bond.js';
import { commitDelivery } from './commit-delivery.js';
import { closeCommitment, cosignDelivery, expireCommitment, settleDelivery } from './commitment-end.js';
import { beginClosing, cancelContract, closeContract, finishContract } from './contract-end.js';
import { fundContract, refundContentProvider, withdrawExcess } from './escrow.js';
import { forgedCall } from './forged-call.js';
import { leaveJail } from './jail.js';
import { donate, withdrawPayout } from './payout.js';
import { cancelUnbond, depositStake, requestUnbond, setHotKey, withdrawUnbonded } from './stake.js';
import type { Operation } from './types.js';

/** The alphabet. A new instruction is a new entry here. */
export const OPERATIONS: readonly Operation[] = [
    acceptOffer,
    beginClosing,
    bondContract,
    cancelContract,
    cancelUnbond,
    closeCommitment,
    closeContract,
    collectSlash,
    commitDelivery,
    cosignDelivery,
    depositStake,
    donate,
    expireCommitment,
    finishContract,
    forgedCall,
    fundContract,
    leaveJail,
    refundContentProvider,
    releaseBond,
    requestUnbond,
    setHotKey,
    settleDelivery,
    withdrawExcess,
    withdrawPayout,
    withdrawUnbonded,
];

export const OPERATION_BY_NAME: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((one) => [one.name, one]));
