import { acceptOffer } from './accept-offer.js';
import { answerChallengeEvidence, answerChallengeInclusion } from './answer.js';
import { awardBid } from './award-bid.js';
import { commitBid, revealBid } from './bid.js';
import { releaseBidDeposit } from './bid-deposit.js';
import { bondContract, collectSlash, releaseBond } from './bond.js';
import { createBounty, refundBounty } from './bounty.js';
import { challengeLeaf } from './challenge.js';
import { claimBounty } from './claim-bounty.js';
import { closeChallenge } from './close-challenge.js';
import { commitDelivery } from './commit-delivery.js';
import { closeCommitment, cosignDelivery, expireCommitment, settleDelivery } from './commitment-end.js';
import { beginClosing, cancelContract, closeContract, finishContract } from './contract-end.js';
import { fundContract, refundContentProvider, withdrawExcess } from './escrow.js';
import { failCommitment } from './failure.js';
import { forgedCall } from './forged-call.js';
import { admitAuditor, applyParams, cancelParams, dismissAuditor, pause, queueParams, unpause } from './governance.js';
import { leaveJail } from './jail.js';
import { clearLot, closeLot, createLot } from './lot.js';
import { donate, withdrawPayout } from './payout.js';
import { createRewardPool, fundRewardPool, retireRewardPool, withdrawRewardExcess } from './pool.js';
import { closeRewardPool, closeRewardStatus } from './pool-end.js';
import { proveEvidence, proveInclusion } from './prove.js';
import { closeReport, reportSla } from './report.js';
import { resolveSla } from './resolve-sla.js';
import { claimReward, proveReward, vetoRewardRoot } from './reward.js';
import { activateRewardRoot, cancelRewardRoot, proposeRewardRoot } from './reward-root.js';
import { rearmSeed, seedCommitment } from './seed.js';
import { cancelUnbond, depositStake, requestUnbond, setHotKey, withdrawUnbonded } from './stake.js';
import { terminateContract } from './terminate.js';
import type { Operation } from './types.js';

/** The alphabet. A new instruction is a new entry here. */
export const OPERATIONS: readonly Operation[] = [
    acceptOffer,
    activateRewardRoot,
    admitAuditor,
    answerChallengeEvidence,
    answerChallengeInclusion,
    applyParams,
    awardBid,
    beginClosing,
    bondContract,
    cancelContract,
    cancelParams,
    cancelRewardRoot,
    cancelUnbond,
    challengeLeaf,
    claimBounty,
    claimReward,
    clearLot,
    closeChallenge,
    closeCommitment,
    closeContract,
    closeLot,
    closeReport,
    closeRewardPool,
    closeRewardStatus,
    collectSlash,
    commitBid,
    commitDelivery,
    cosignDelivery,
    createBounty,
    createLot,
    createRewardPool,
    depositStake,
    dismissAuditor,
    donate,
    expireCommitment,
    failCommitment,
    finishContract,
    forgedCall,
    fundContract,
    fundRewardPool,
    leaveJail,
    pause,
    proposeRewardRoot,
    proveEvidence,
    proveInclusion,
    proveReward,
    queueParams,
    rearmSeed,
    refundBounty,
    refundContentProvider,
    releaseBidDeposit,
    releaseBond,
    reportSla,
    requestUnbond,
    resolveSla,
    retireRewardPool,
    revealBid,
    seedCommitment,
    setHotKey,
    settleDelivery,
    terminateContract,
    unpause,
    vetoRewardRoot,
    withdrawExcess,
    withdrawPayout,
    withdrawRewardExcess,
    withdrawUnbonded,
];

export const OPERATION_BY_NAME: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((one) => [one.name, one]));

/** What contracts can do without. */
export const SIDE_TOPICS: readonly (readonly Operation[])[] = [
    [awardBid, clearLot, closeLot, commitBid, createLot, releaseBidDeposit, revealBid],
    [claimBounty, createBounty, refundBounty],
    [
        activateRewardRoot,
        cancelRewardRoot,
        claimReward,
        closeRewardPool,
        closeRewardStatus,
        createRewardPool,
        fundRewardPool,
        proposeRewardRoot,
        proveReward,
        retireRewardPool,
        vetoRewardRoot,
        withdrawRewardExcess,
    ],
    [admitAuditor, applyParams, cancelParams, dismissAuditor, pause, queueParams, unpause],
    [closeReport, reportSla, resolveSla],
    [cancelUnbond, depositStake, requestUnbond, setHotKey, withdrawUnbonded],
];
