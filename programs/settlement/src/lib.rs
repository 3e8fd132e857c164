//! Delivery commitments, their co-signature, settlement and payout (protocol 6.7, 6.9).

pub mod constants;
mod create_account;
pub mod error;
pub mod events;
mod evidence;
pub mod instructions;
mod market_cpi;
mod reward_events;
mod reward_vault;
pub mod state;

use anchor_lang::prelude::*;

pub use constants::*;
pub use error::SettlementError;
pub use events::*;
pub use instructions::*;
pub use reward_events::*;
pub use state::*;

// The development key's address (see Anchor.toml); a production build states its own.
declare_id!("4BMpA2T2x8UfGkNqp1oYqpzStPRManeaqAxQdCByZ1i2");

#[program]
pub mod settlement {
    use super::*;

    /// Commits one epoch's deliveries of one kind: fixes their gross and locks stake for receipted kinds.
    ///
    /// Signer: payer; the seller's owner, or its hot key with the permission to commit.
    /// Errors: NotContractSeller, NotAuthorized, ParticipantNotActive, KindUnknown,
    /// EpochOutOfRange, CommitTooEarly, CommitTooLate, DepthOutOfRange, TooManyLeaves,
    /// EmptyTreeInvalid, SummaryInvalid; of the market: WrongVault, ContractStateInvalid, EpochOutOfOrder,
    /// EpochCommitted, BytesAboveCap, BondTooSmall.
    /// Event: DeliveryCommitted.
    pub fn commit_delivery<'info>(
        ctx: Context<'info, CommitDelivery<'info>>,
        args: CommitDeliveryArgs,
    ) -> Result<()> {
        handle_commit_delivery(ctx, args)
    }

    /// Accepts a commitment's figures; it can then be settled.
    ///
    /// Signer: the content provider's owner, or its hot key with the permission to co-sign.
    /// Errors: NotContentProvider, WrongContract, NotAuthorized, CommitmentStateInvalid, CosignTooLate.
    /// Event: DeliveryCosigned.
    pub fn cosign_delivery(ctx: Context<CosignDelivery>) -> Result<()> {
        handle_cosign_delivery(ctx)
    }

    /// Turns a commitment into debts to the payees and frees its lock: co-signed at once, proven when the time for
    /// challenges is over.
    ///
    /// Signer: none.
    /// Errors: WrongVault, WrongContract, CommitmentStateInvalid, ChallengeWindowOpen, ChallengesOpen,
    /// ReportsUnresolved.
    /// Event: DeliverySettled.
    pub fn settle_delivery(ctx: Context<SettleDelivery>) -> Result<()> {
        handle_settle_delivery(ctx)
    }

    /// Ends a commitment that was neither co-signed in time nor sampled: no pay, lock freed.
    ///
    /// Signer: none.
    /// Errors: WrongVault, WrongContract, CommitmentStateInvalid, CosignWindowOpen.
    /// Event: CommitmentExpired.
    pub fn expire_commitment(ctx: Context<ExpireCommitment>) -> Result<()> {
        handle_expire_commitment(ctx)
    }

    /// Pays what one payee is owed into that payee's own associated token account. Index 8 is the treasury.
    ///
    /// Signer: payer (anyone).
    /// Errors: WrongMint, WrongVault, PayeeIndexInvalid, WrongPayee; of the market: NothingToPay.
    /// Event: PayoutWithdrawn.
    pub fn withdraw_payout(ctx: Context<WithdrawPayout>, index: u8) -> Result<()> {
        handle_withdraw_payout(ctx, index)
    }

    /// Closes an ended commitment after its commit window; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongRentPayer, CommitmentStateInvalid, CommitWindowOpen.
    /// Event: CommitmentClosed.
    pub fn close_commitment(ctx: Context<CloseCommitment>) -> Result<()> {
        handle_close_commitment(ctx)
    }

    /// Draws the samples of a commitment from the hash of its seed slot. Once seeded, it must be proved.
    ///
    /// Signer: none.
    /// Errors: KindNotSampled, CommitmentStateInvalid, SeedNotReached, SeedMissed.
    /// Event: CommitmentSeeded.
    pub fn seed_commitment(ctx: Context<SeedCommitment>) -> Result<()> {
        handle_seed_commitment(ctx)
    }

    /// Sets a later seed slot after the hash of the first was lost, for twice the samples.
    ///
    /// Signer: none.
    /// Errors: WrongContract, KindNotSampled, CommitmentStateInvalid, SeedNotMissed, RearmsExhausted.
    /// Event: SeedRearmed.
    pub fn rearm_seed(ctx: Context<RearmSeed>) -> Result<()> {
        handle_rearm_seed(ctx)
    }

    /// Proves that a leaf of the committed tree covers the target of one sample.
    ///
    /// Signer: none.
    /// Errors: CommitmentStateInvalid, SampleIndexInvalid, InclusionInvalid.
    pub fn prove_inclusion(ctx: Context<ProveInclusion>, args: ProveInclusionArgs) -> Result<()> {
        handle_prove_inclusion(ctx, args)
    }

    /// Proves that the content provider's issuer admitted the session of a sampled leaf and that its client signed for
    /// the bytes. The instruction before must be the Ed25519 program's over token and receipt. The last evidence makes
    /// the commitment proven.
    ///
    /// Signer: none.
    /// Errors: WrongContract, CommitmentStateInvalid, SampleIndexInvalid, InclusionMissing, LeafMismatch,
    /// NodeOfAnotherSeller, CallNotDirect, SignatureInstructionInvalid, MessageInvalid, IssuerKeyWrong,
    /// TokenContractWrong, TokenClusterWrong, TokenEpochWrong, TokenNodeWrong, TokenKindWrong, TokenTimesWrong,
    /// TokenTooLarge, ClientKeyWrong, ReceiptTokenWrong, ReceiptTooLarge, ReceiptTimeWrong, LeafTokenWrong,
    /// LeafBytesWrong, LeafObjectsWrong, LeafReceiptWrong.
    /// Event: SampleProven.
    pub fn prove_evidence(
        ctx: Context<ProveEvidence>,
        index: u8,
        leaf: [u8; protocol_core::LEAF_BYTES],
    ) -> Result<()> {
        handle_prove_evidence(ctx, index, leaf)
    }

    /// Demands proof of the leaf that covers one byte. The bond goes to who answers, or back with a bounty.
    ///
    /// Signer: challenger (anyone; the content provider's first two need no bond).
    /// Errors: NotContentProvider, WrongMint, WrongVault, WrongContract, KindNotSampled, CommitmentStateInvalid,
    /// TargetOutOfRange, ChallengeWindowClosed, TooManyChallenges, BondAccountMissing.
    /// Event: LeafChallenged.
    pub fn challenge_leaf(ctx: Context<ChallengeLeaf>, target: u64) -> Result<()> {
        handle_challenge_leaf(ctx, target)
    }

    /// First half of an answer: the leaf that covers the challenge's target.
    ///
    /// Signer: none.
    /// Errors: WrongCommitment, InclusionInvalid, ChallengeStateInvalid, ResponseTooLate.
    pub fn answer_challenge_inclusion(
        ctx: Context<AnswerChallengeInclusion>,
        args: AnswerChallengeInclusionArgs,
    ) -> Result<()> {
        handle_answer_challenge_inclusion(ctx, args)
    }

    /// Second half of an answer: token and receipt of the leaf, as for `prove_evidence`. Ends the challenge.
    ///
    /// Signer: answerer (anyone), who gets the bond.
    /// Errors: WrongContract, WrongCommitment, InclusionMissing, ResponseTooLate, and those of `prove_evidence` from
    /// LeafMismatch on.
    /// Event: ChallengeAnswered.
    pub fn answer_challenge_evidence(
        ctx: Context<AnswerChallengeEvidence>,
        leaf: [u8; protocol_core::LEAF_BYTES],
    ) -> Result<()> {
        handle_answer_challenge_evidence(ctx, leaf)
    }

    /// Ends a commitment whose challenge nobody answered (all of its lock is slashed) or whose evidence is late (a part).
    ///
    /// Signer: none.
    /// Errors: NotContractSeller, WrongContract, WrongCommitment, ChallengeStateInvalid, ResponseNotDue, ProofsNotDue,
    /// CommitmentStateInvalid.
    /// Event: CommitmentFailed.
    pub fn fail_commitment(ctx: Context<FailCommitment>) -> Result<()> {
        handle_fail_commitment(ctx)
    }

    /// Pays a decided or overtaken challenge out and closes it; the rent returns to who paid it.
    ///
    /// Signer: payer (anyone).
    /// Errors: WrongContract, WrongRentPayer, WrongBeneficiary, WrongCommitment, WrongMint, WrongVault,
    /// ChallengeNotOver.
    /// Event: ChallengeClosed.
    pub fn close_challenge(ctx: Context<CloseChallenge>) -> Result<()> {
        handle_close_challenge(ctx)
    }

    /// Closes a decided or overtaken challenge that pays nothing, whether or not its contract is still there; the rent
    /// returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongRentPayer, WrongCommitment, ChallengePays, ChallengeNotOver.
    /// Event: ChallengeClosed.
    pub fn close_unpaid_challenge(ctx: Context<CloseUnpaidChallenge>) -> Result<()> {
        handle_close_unpaid_challenge(ctx)
    }

    /// States what an auditor measured; a quorum of reports replaces the seller's figures.
    ///
    /// Signer: payer; the auditor's owner, or its hot key with the permission to prove.
    /// Errors: WrongContract, NotAuditor, NotAuthorized, SummaryInvalid, CommitmentStateInvalid, ReportWindowClosed,
    /// TooManyReports.
    /// Event: SlaReported.
    pub fn report_sla(
        ctx: Context<ReportSla>,
        summary: SlaSummary,
        evidence_root: [u8; 32],
    ) -> Result<()> {
        handle_report_sla(ctx, summary, evidence_root)
    }

    /// Takes the median of all reports as the service quality of a commitment that nobody co-signed. Remaining accounts:
    /// every report, in ascending order of address.
    ///
    /// Signer: none.
    /// Errors: WrongContract, CommitmentStateInvalid, ChallengeWindowOpen, ReportsIncomplete, WrongReport, QuorumMissing.
    /// Event: SlaResolved.
    pub fn resolve_sla<'info>(ctx: Context<'info, ResolveSla<'info>>) -> Result<()> {
        handle_resolve_sla(ctx)
    }

    /// Closes a report once its commitment has ended; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongReport, WrongRentPayer, CommitmentStateInvalid.
    /// Event: SlaReportClosed.
    pub fn close_report(ctx: Context<CloseReport>) -> Result<()> {
        handle_close_report(ctx)
    }

    /// Opens a pool that pays many members by lifetime amounts under one root; its vault is the pool's own associated
    /// token account, so that a contract's split can name the pool as payee.
    ///
    /// Signer: payer; the creator's owner.
    /// Errors: NotRewardCreator, ParticipantNotActive, RewardMintNotAllowed, RewardDelayOutOfRange, RewardBondZero.
    /// Event: RewardPoolCreated.
    pub fn create_reward_pool(
        ctx: Context<CreateRewardPool>,
        args: CreateRewardPoolArgs,
    ) -> Result<()> {
        handle_create_reward_pool(ctx, args)
    }

    /// Moves tokens into a pool's vault.
    ///
    /// Signer: funder (anyone).
    /// Errors: WrongMint, WrongVault, RewardAmountZero, RewardPoolOver.
    /// Event: RewardPoolFunded.
    pub fn fund_reward_pool(ctx: Context<FundRewardPool>, amount: u64) -> Result<()> {
        handle_fund_reward_pool(ctx, amount)
    }

    /// Replaces the key that proposes roots.
    ///
    /// Signer: the creator's owner.
    /// Errors: NotRewardCreator, RewardRootPending, RewardPoolOver.
    /// Event: RewardAggregatorSet.
    pub fn set_reward_aggregator(
        ctx: Context<SetRewardAggregator>,
        aggregator: Pubkey,
    ) -> Result<()> {
        handle_set_reward_aggregator(ctx, aggregator)
    }

    /// Proposes the next root and puts up the pool's bond; the root can be vetoed until it is activated.
    ///
    /// Signer: the pool's aggregator.
    /// Errors: NotRewardAggregator, WrongMint, WrongVault, RewardPoolOver, RewardRootPending, RewardCountOutOfRange,
    /// RewardCountDecreased, RewardTotalDecreased.
    /// Event: RewardRootProposed.
    pub fn propose_reward_root(
        ctx: Context<ProposeRewardRoot>,
        args: ProposeRewardRootArgs,
    ) -> Result<()> {
        handle_propose_reward_root(ctx, args)
    }

    /// Writes into a member's status what the active root gives it, without paying. The first half of a veto: the proofs
    /// of two roots of a million members do not fit one transaction.
    ///
    /// Signer: payer (anyone).
    /// Errors: RewardPoolOver, RewardProofInvalid, RewardOwnerWrong.
    /// Event: RewardProven.
    pub fn prove_reward(ctx: Context<ProveReward>, args: ProveRewardArgs) -> Result<()> {
        handle_prove_reward(ctx, args)
    }

    /// Drops the pending root, which gives a member less than was proven or its index to another owner. Half of the bond,
    /// rounded down, goes to the vetoer, the rest stays in the vault.
    ///
    /// Signer: vetoer (anyone).
    /// Errors: WrongMint, WrongVault, WrongRewardPool, RewardRootMissing, RewardProofInvalid, RewardNotDecreased.
    /// Event: RewardRootVetoed.
    pub fn veto_reward_root(ctx: Context<VetoRewardRoot>, args: VetoRewardRootArgs) -> Result<()> {
        handle_veto_reward_root(ctx, args)
    }

    /// Puts the pending root into force once the time for vetoes has ended; the bond goes back.
    ///
    /// Signer: none.
    /// Errors: WrongMint, WrongVault, NotRewardAggregator, RewardRootMissing, RewardRootNotDue, RewardVaultShort.
    /// Event: RewardRootActivated.
    pub fn activate_reward_root(ctx: Context<ActivateRewardRoot>) -> Result<()> {
        handle_activate_reward_root(ctx)
    }

    /// Drops the pending root and gives the bond back: the creator at any time, the aggregator once the time for vetoes
    /// has ended, so that it cannot outrun a veto.
    ///
    /// Signer: the creator's owner, or the aggregator.
    /// Errors: NotRewardCreator, NotRewardAggregator, WrongMint, WrongVault, RewardRootMissing, RewardRootNotDue.
    /// Event: RewardRootCancelled.
    pub fn cancel_reward_root(ctx: Context<CancelRewardRoot>) -> Result<()> {
        handle_cancel_reward_root(ctx)
    }

    /// Pays a member what it has earned since its last claim, into its own associated token account.
    ///
    /// Signer: payer (anyone).
    /// Errors: WrongMint, WrongVault, RewardProofInvalid, RewardOwnerWrong, RewardNothingDue, RewardTotalExceeded.
    /// Event: RewardClaimed.
    pub fn claim_reward(ctx: Context<ClaimReward>, args: ClaimRewardArgs) -> Result<()> {
        handle_claim_reward(ctx, args)
    }

    /// Takes back what exceeds the members' money and the bond.
    ///
    /// Signer: the creator's owner.
    /// Errors: NotRewardCreator, WrongMint, WrongVault, RewardAmountZero, RewardExcessTooSmall.
    /// Event: RewardExcessWithdrawn.
    pub fn withdraw_reward_excess(ctx: Context<WithdrawRewardExcess>, amount: u64) -> Result<()> {
        handle_withdraw_reward_excess(ctx, amount)
    }

    /// Ends a pool whose members are all paid: no root can follow.
    ///
    /// Signer: the creator's owner.
    /// Errors: NotRewardCreator, RewardPoolOver, RewardRootPending, RewardUnpaid.
    /// Event: RewardPoolRetired.
    pub fn retire_reward_pool(ctx: Context<RetireRewardPool>) -> Result<()> {
        handle_retire_reward_pool(ctx)
    }

    /// Closes a member's status of a retired pool; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongRewardPool, WrongRentPayer, RewardPoolLive.
    /// Event: RewardStatusClosed.
    pub fn close_reward_status(ctx: Context<CloseRewardStatus>) -> Result<()> {
        handle_close_reward_status(ctx)
    }

    /// Closes a retired pool without statuses, and its empty vault; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongVault, WrongRentPayer, RewardPoolLive, RewardStatusesOpen, RewardVaultNotEmpty.
    /// Event: RewardPoolClosed.
    pub fn close_reward_pool(ctx: Context<CloseRewardPool>) -> Result<()> {
        handle_close_reward_pool(ctx)
    }
}
