//! Capacity claims, offers, contracts and their escrow (protocol 6.3, 6.6, 6.9).

mod claim_pairs;
mod claim_set;
pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
mod registry_cpi;
pub mod state;
mod vault;

use anchor_lang::prelude::*;

pub use constants::*;
pub use error::MarketError;
pub use events::*;
pub use instructions::*;
pub use state::*;

// The development key's address (see Anchor.toml); a production build states its own.
declare_id!("4aH5Rft9JdEHmdQAGr6gYWCd2sDdax8ez8n5vo2a2LGX");

#[program]
pub mod market {
    use super::*;

    /// States what one node can carry into one footprint.
    ///
    /// Signer: payer, the seller's owner.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, NodeOfAnotherParticipant, NodeNotActive,
    /// FootprintNotCanonical, ClaimExceedsNode, ValidityInvalid.
    /// Event: CapacityClaimed.
    pub fn claim_capacity(ctx: Context<ClaimCapacity>, args: ClaimCapacityArgs) -> Result<()> {
        handle_claim_capacity(ctx, args)
    }

    /// Takes a claim that no contract uses out of the market.
    ///
    /// Signer: the seller's owner.
    /// Errors: NotOwner, ClaimOfAnotherParticipant, ClaimNotActive, ClaimInUse.
    /// Event: CapacityClaimRetired.
    pub fn retire_capacity_claim(ctx: Context<RetireCapacityClaim>) -> Result<()> {
        handle_retire_capacity_claim(ctx)
    }

    /// Offers claimed egress at a price. Remaining accounts: the one to four claims.
    ///
    /// Signer: payer, the seller's owner.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, ClaimCountInvalid, ClaimDuplicate,
    /// ClaimOfAnotherParticipant, ClaimNotActive, ClaimNotEgress, PriceBelowFloor, RateRangeInvalid,
    /// OfferExceedsClaims, EpochLengthNotAllowed, EpochCountInvalid, SlaInvalid, SplitsInvalid,
    /// PayeeMissing, OfferExpired.
    /// Event: OfferPosted.
    pub fn post_offer<'info>(
        ctx: Context<'info, PostOffer<'info>>,
        args: PostOfferArgs,
    ) -> Result<()> {
        handle_post_offer(ctx, args)
    }

    /// Ends an offer; contracts that accepted it stay.
    ///
    /// Signer: the seller's owner.
    /// Errors: NotOwner, OfferOfAnotherParticipant, OfferNotOpen.
    /// Event: OfferWithdrawn.
    pub fn withdraw_offer(ctx: Context<WithdrawOffer>) -> Result<()> {
        handle_withdraw_offer(ctx)
    }

    /// Buys from an offer: creates the contract and its empty vault and reserves the capacity.
    /// Remaining accounts: for each claim of the offer, in its order, the claim and its node.
    ///
    /// Signer: payer, the content provider's owner.
    /// Errors: NotOwner, OfferOfAnotherParticipant, WrongMint, CapInvalid, EpochCountInvalid,
    /// GenesisInvalid, IssuerMissing, SharesMismatch, OfferNotOpen, OfferExpired,
    /// CommittedRateOutOfRange, OfferExhausted, ClaimCountInvalid, ClaimMismatch, NodeMismatch,
    /// ClaimNotActive, ClaimNotValidThroughout, ClaimExhausted; of the registry: NotContentProvider,
    /// ParticipantNotActive, NonceNotIncreasing, NodeNotActive, NodeOvercommitted.
    /// Event: ContractProposed.
    pub fn accept_offer<'info>(
        ctx: Context<'info, AcceptOffer<'info>>,
        args: AcceptOfferArgs,
    ) -> Result<()> {
        handle_accept_offer(ctx, args)
    }

    /// Adds to the escrow. With the reserve reached, a proposed or underfunded contract is active.
    ///
    /// Signer: funder (anyone).
    /// Errors: WrongMint, WrongVault, AmountZero, ContractStateInvalid, ContractOver.
    /// Event: ContractFunded, ContractActivated.
    pub fn fund_contract(ctx: Context<FundContract>, amount: u64) -> Result<()> {
        handle_fund_contract(ctx, amount)
    }

    /// Takes out what the vault holds beyond its reserve and its debts.
    ///
    /// Signer: the content provider's owner.
    /// Errors: NotOwner, NotContentProvider, WrongMint, WrongVault, AmountZero,
    /// ContractStateInvalid, ExcessTooSmall.
    /// Event: ExcessWithdrawn.
    pub fn withdraw_excess(ctx: Context<WithdrawExcess>, amount: u64) -> Result<()> {
        handle_withdraw_excess(ctx, amount)
    }

    /// Ends a contract that never became active and frees its capacity; `refund_content_provider`
    /// then returns the escrow. Remaining accounts: as for `accept_offer`.
    ///
    /// Signer: either side's owner; anyone once the contract's time is over.
    /// Errors: NotContentProvider, NotContractSeller, WrongOffer, NotContractSide,
    /// ContractStateInvalid, ClaimCountInvalid, ClaimMismatch, NodeMismatch.
    /// Event: ContractCancelled.
    pub fn cancel_contract<'info>(ctx: Context<'info, CancelContract<'info>>) -> Result<()> {
        handle_cancel_contract(ctx)
    }

    /// Names the key that signs viewers' tokens from a later epoch on.
    ///
    /// Signer: the content provider's owner.
    /// Errors: NotOwner, NotContentProvider, ContractStateInvalid, IssuerSlotInvalid,
    /// IssuerMissing, IssuerInForce, IssuerEpochInvalid.
    /// Event: IssuerRotated.
    pub fn rotate_issuer(ctx: Context<RotateIssuer>, args: RotateIssuerArgs) -> Result<()> {
        handle_rotate_issuer(ctx, args)
    }

    /// After the last epoch: frees the capacity; deliveries can still be committed and settled.
    /// Remaining accounts: as for `accept_offer`.
    ///
    /// Signer: none.
    /// Errors: NotContentProvider, NotContractSeller, WrongOffer, ContractStateInvalid,
    /// ContractNotOver, ClaimCountInvalid, ClaimMismatch, NodeMismatch.
    /// Event: ContractClosingBegun.
    pub fn begin_closing<'info>(ctx: Context<'info, BeginClosing<'info>>) -> Result<()> {
        handle_begin_closing(ctx)
    }

    /// After the settle window, with no commitment open: what is left belongs to the content provider.
    ///
    /// Signer: none.
    /// Errors: ContractStateInvalid, SettleWindowOpen, CommitmentsOpen.
    /// Event: ContractSettled.
    pub fn finish_contract(ctx: Context<FinishContract>) -> Result<()> {
        handle_finish_contract(ctx)
    }

    /// Returns everything but the debts to the content provider's own token account.
    ///
    /// Signer: payer (anyone).
    /// Errors: NotOwner, NotContentProvider, WrongMint, WrongVault, ContractStateInvalid, NothingToPay.
    /// Event: ContentProviderRefunded.
    pub fn refund_content_provider(ctx: Context<RefundContentProvider>) -> Result<()> {
        handle_refund_content_provider(ctx)
    }

    /// Closes a contract without debts and its empty vault; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: WrongVault, WrongRentPayer, ContractStateInvalid, AmountsOwed, VaultNotEmpty,
    /// BondNotReleased, SlashPending.
    /// Event: ContractClosed.
    pub fn close_contract(ctx: Context<CloseContract>) -> Result<()> {
        handle_close_contract(ctx)
    }

    /// Fixes the gross and the lock of a new delivery commitment and returns them. Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongVault, ContractStateInvalid, KindUnknown, EpochOutOfOrder, EpochCommitted,
    /// BytesAboveCap, BondTooSmall.
    pub fn record_commitment(
        ctx: Context<RecordCommitment>,
        args: RecordCommitmentArgs,
    ) -> Result<CommitmentRecord> {
        handle_record_commitment(ctx, args)
    }

    /// Turns a commitment's gross into debts to the payees. Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongVault, PenaltyTooHigh, OpenGrossTooSmall, HistoryFull,
    /// KindUnknown, AmountOverflow, VaultTooSmall.
    pub fn record_settlement(
        ctx: Context<RecordSettlement>,
        args: RecordSettlementArgs,
    ) -> Result<SettlementOutcome> {
        handle_record_settlement(ctx, args)
    }

    /// Drops a commitment that ended without pay. Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongVault, OpenGrossTooSmall.
    pub fn record_void(ctx: Context<RecordVoid>, args: RecordVoidArgs) -> Result<()> {
        handle_record_void(ctx, args)
    }

    /// Binds free stake of the seller to a contract: what its commitments lock is drawn from it.
    ///
    /// Signer: the seller's owner.
    /// Errors: NotOwner, NotContractSeller, WrongMint, AmountZero, ContractStateInvalid; of the registry:
    /// FreeStakeTooSmall.
    /// Event: ContractBonded.
    pub fn bond_contract(ctx: Context<BondContract>, amount: u64) -> Result<()> {
        handle_bond_contract(ctx, amount)
    }

    /// Gives bond that no commitment has locked back to the seller's free stake.
    ///
    /// Signer: the seller's owner; anyone once the contract is over.
    /// Errors: NotContractSeller, NotBondOwner, AmountZero, BondTooSmall.
    /// Event: BondReleased.
    pub fn release_bond(ctx: Context<ReleaseBond>, amount: u64) -> Result<()> {
        handle_release_bond(ctx, amount)
    }

    /// Brings what severe breaches slashed from the stake vault into the contract's vault, for the content provider.
    ///
    /// Signer: none.
    /// Errors: NotContractSeller, WrongMint, WrongVault, NothingToPay.
    /// Event: SlashCollected.
    pub fn collect_slash(ctx: Context<CollectSlash>) -> Result<()> {
        handle_collect_slash(ctx)
    }

    /// Pays what one payee is owed into that payee's own token account and returns the amount.
    /// Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongMint, WrongVault, PayeeIndexInvalid, WrongPayee, NothingToPay.
    /// Event: PayoutReleased.
    pub fn release_payout(ctx: Context<ReleasePayout>, index: u8) -> Result<u64> {
        handle_release_payout(ctx, index)
    }
}
