import { answerEvidence, answerInclusion, challengeLeaf, closeChallenge, failCommitment } from './challenges.js';
import { closeCommitment, commitDelivery, cosignDelivery, expireCommitment } from './commitment.js';
import * as escrow from './escrow.js';
import type { Handler } from './ledger.js';
import * as lifecycle from './lifecycle.js';
import { proveEvidence, proveInclusion, rearmSeed, seedCommitment } from './proofs.js';
import { closeReport, reportSla, resolveSla } from './reports.js';
import { settleDelivery } from './settlement.js';

/** What each instruction does to a contract's books, once the contract is made. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
    fund_contract: escrow.fundContract,
    withdraw_excess: escrow.withdrawExcess,
    withdraw_payout: escrow.withdrawPayout,
    bond_contract: escrow.bondContract,
    release_bond: escrow.releaseBond,
    collect_slash: escrow.collectSlash,
    refund_content_provider: escrow.refundContentProvider,
    close_contract: escrow.closeContract,
    rotate_issuer: lifecycle.rotateIssuer,
    terminate_contract: lifecycle.terminateContract,
    begin_closing: lifecycle.beginClosing,
    finish_contract: lifecycle.finishContract,
    cancel_contract: lifecycle.cancelContract,
    upgrade_contract: lifecycle.upgradeContract,
    commit_delivery: commitDelivery,
    cosign_delivery: cosignDelivery,
    settle_delivery: settleDelivery,
    expire_commitment: expireCommitment,
    close_commitment: closeCommitment,
    seed_commitment: seedCommitment,
    rearm_seed: rearmSeed,
    prove_inclusion: proveInclusion,
    prove_evidence: proveEvidence,
    challenge_leaf: challengeLeaf,
    answer_challenge_inclusion: answerInclusion,
    answer_challenge_evidence: answerEvidence,
    close_challenge: closeChallenge,
    close_unpaid_challenge: closeChallenge,
    fail_commitment: failCommitment,
    report_sla: reportSla,
    resolve_sla: resolveSla,
    close_report: closeReport,
};
