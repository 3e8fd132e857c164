//! Capacity claims, offers, contracts and their escrow (protocol 6.3, 6.6, 6.9).

mod auction_events;
mod bid_claims;
mod bounty_events;
mod claim_pairs;
mod claim_set;
pub mod constants;
pub mod error;
mod escrow;
pub mod events;
pub mod instructions;
mod offer_books;
mod open_contract;
mod registry_cpi;
mod slash;
pub mod state;
mod vault;

use anchor_lang::prelude::*;

pub use auction_events::*;
pub use bounty_events::*;
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

    // Anchor compares an instruction with these one after the other: those that run every epoch come first.

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

    /// Counts a challenger's bond that has come into the vault. Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongVault, VaultTooSmall.
    pub fn record_held(ctx: Context<RecordHeld>, amount: u64) -> Result<()> {
        handle_record_held(ctx, amount)
    }

    /// Drops a commitment that failed, slashes the seller and shares it out: half to the content provider, 30 % to the
    /// challenger, if there is one, the rest to the treasury. Returns the challenger's share. Called by the settlement
    /// program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, NotContractSeller, WrongMint, WrongVault, OpenGrossTooSmall.
    /// Event: FailureRecorded.
    pub fn record_failure(ctx: Context<RecordFailure>, args: RecordFailureArgs) -> Result<u64> {
        handle_record_failure(ctx, args)
    }

    /// States what one node can carry into one footprint.
    ///
    /// Signer: payer, the seller's owner.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, NodeOfAnotherParticipant, NodeNotActive,
    /// FootprintNotCanonical, DeliveryMethodsInvalid, ClaimExceedsNode, ValidityInvalid.
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
    /// PayeeMissing, OfferExpired, DeliveryMethodsInvalid, MethodNotClaimed, PriceWithoutMethod.
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
    /// NewContractsPaused, GenesisInvalid, IssuerMissing, SharesMismatch, OfferNotOpen, OfferExpired,
    /// CommittedRateOutOfRange, OfferExhausted, ClaimCountInvalid, ClaimMismatch, NodeMismatch,
    /// ClaimNotActive, ClaimNotValidThroughout, ClaimExhausted; of the registry: NotContentProvider,
    /// ParticipantNotActive, NonceNotIncreasing, NodeNotActive, NodeOvercommitted,
    /// VerifiedRateExceeded.
    /// Event: ContractProposed.
    pub fn accept_offer<'info>(
        ctx: Context<'info, AcceptOffer<'info>>,
        args: AcceptOfferArgs,
    ) -> Result<()> {
        handle_accept_offer(ctx, args)
    }

    /// Asks sellers to bid for a contract. Bids are sealed, then revealed, ranked and sold at one price.
    ///
    /// Signer: payer, the content provider's owner.
    /// Errors: AuctionsPaused, NotOwner, NotContentProvider, ParticipantNotActive, MintNotAllowed,
    /// EpochLengthNotAllowed, FootprintNotCanonical, DeliveryMethodsInvalid, LotSizeInvalid,
    /// LotTimesInvalid, CapShareInvalid, EpochCountInvalid, PriceZero, AmountZero, IssuerMissing,
    /// SlaInvalid, AmountOverflow.
    /// Event: LotCreated.
    pub fn create_lot(ctx: Context<CreateLot>, args: CreateLotArgs) -> Result<()> {
        handle_create_lot(ctx, args)
    }

    /// Makes a sealed bid and deposits what the lot asks for.
    ///
    /// Signer: payer, the seller's owner.
    /// Errors: NotOwner, WrongMint, WrongVault, NotSeller, ParticipantNotActive, BidderMintWrong,
    /// LotPhaseWrong, LotFull.
    /// Event: BidCommitted.
    pub fn commit_bid(ctx: Context<CommitBid>, commitment: [u8; 32]) -> Result<()> {
        handle_commit_bid(ctx, commitment)
    }

    /// Opens a sealed bid and names the claims that would serve it. Remaining accounts: those claims.
    ///
    /// Signer: the seller's owner.
    /// Errors: NotOwner, WrongBid, BidRevealed, CommitmentMismatch, LotPhaseWrong, BidPriceInvalid,
    /// BidQuantityInvalid, ClaimDuplicate, ClaimOfAnotherParticipant, ClaimNotActive, ClaimNotEgress,
    /// FootprintNotCovered, MethodNotClaimed, PriceBelowFloor, ClaimNotValidThroughout,
    /// ClaimExhausted, ClaimCountInvalid, SharesMismatch.
    /// Event: BidRevealed.
    pub fn reveal_bid<'info>(
        ctx: Context<'info, RevealBid<'info>>,
        args: RevealBidArgs,
    ) -> Result<()> {
        handle_reveal_bid(ctx, args)
    }

    /// Ranks the revealed bids, awards the lot and sets the one price; adds it to the price history.
    ///
    /// Signer: none.
    /// Errors: WrongPriceHistory, LotCleared, LotPhaseWrong.
    /// Event: LotCleared.
    pub fn clear_lot(ctx: Context<ClearLot>) -> Result<()> {
        handle_clear_lot(ctx)
    }

    /// Makes the contract that a bid has won, at the clearing price. Anyone may: the content provider has
    /// agreed by its lot, the seller by its bid. Remaining accounts: for each claim of the bid, in its
    /// order, the claim and its node.
    ///
    /// Signer: payer (anyone).
    /// Errors: NotContentProvider, WrongMint, WrongBid, LotNotCleared, LotPhaseWrong, NothingAwarded,
    /// ClaimCountInvalid, ClaimMismatch, NodeMismatch, ClaimNotActive, ClaimNotValidThroughout,
    /// ClaimExhausted; of the registry: ParticipantNotActive, NodeNotActive, NodeOvercommitted,
    /// VerifiedRateExceeded.
    /// Event: ContractProposed, BidAwarded.
    pub fn award_bid<'info>(ctx: Context<'info, AwardBid<'info>>) -> Result<()> {
        handle_award_bid(ctx)
    }

    /// Pays a bid's deposit to whom it is due and closes the bid: to the bidder when it lost, has its
    /// contract, or was never cleared; to the content provider when it was not revealed or its winner
    /// made no contract in time.
    ///
    /// Signer: payer (anyone).
    /// Errors: NotContentProvider, WrongMint, WrongVault, WrongBid, WrongRentPayer, DepositBound,
    /// WrongRecipient.
    /// Event: BidDepositReleased.
    pub fn release_bid_deposit(ctx: Context<ReleaseBidDeposit>) -> Result<()> {
        handle_release_bid_deposit(ctx)
    }

    /// Closes a lot without bids and its vault; the rent returns to who paid it.
    ///
    /// Signer: payer (anyone).
    /// Errors: NotOwner, NotContentProvider, WrongMint, WrongVault, WrongRentPayer, LotPhaseWrong,
    /// BidsOpen.
    /// Event: LotClosed.
    pub fn close_lot(ctx: Context<CloseLot>) -> Result<()> {
        handle_close_lot(ctx)
    }

    /// Creates the price history of a market; it stays for good.
    ///
    /// Signer: payer (anyone).
    /// Errors: FootprintNotCanonical, DeliveryMethodsInvalid.
    /// Event: PriceHistoryOpened.
    pub fn open_price_history(
        ctx: Context<OpenPriceHistory>,
        args: OpenPriceHistoryArgs,
    ) -> Result<()> {
        handle_open_price_history(ctx, args)
    }

    /// Puts a reward in escrow for the first sellers who hold capacity where it is wanted.
    ///
    /// Signer: payer, the content provider's owner.
    /// Errors: NotOwner, NotContentProvider, ParticipantNotActive, MintNotAllowed,
    /// FootprintNotCanonical, DeliveryMethodsInvalid, RateOutOfRange, AmountZero, BountyCountInvalid,
    /// BountyTimesInvalid, AmountOverflow.
    /// Event: BountyCreated.
    pub fn create_bounty(ctx: Context<CreateBounty>, args: CreateBountyArgs) -> Result<()> {
        handle_create_bounty(ctx, args)
    }

    /// Pays the reward to a seller whose claim is what the bounty asks for, once per seller. Remaining
    /// accounts: the active contract on the claim, where the bounty asks for one.
    ///
    /// Signer: payer, the seller's owner.
    /// Errors: NotOwner, ClaimOfAnotherParticipant, NodeMismatch, WrongMint, WrongVault, NotSeller,
    /// ParticipantNotActive, ClaimNotActive, ClaimNotEgress, FootprintNotCovered, MethodNotClaimed,
    /// ClaimTooSmall, ClaimNotValidThroughout, ClaimTooYoung, CapacityNotVerified, ContractMissing,
    /// BountyOver, SelfDealing, BountyPaidAlready.
    /// Event: BountyPaid.
    pub fn claim_bounty<'info>(ctx: Context<'info, ClaimBounty<'info>>) -> Result<()> {
        handle_claim_bounty(ctx)
    }

    /// Ends a bounty that has expired or paid all it can: the rest returns to the content provider.
    ///
    /// Signer: payer (anyone).
    /// Errors: WrongRecipient, WrongMint, WrongVault, WrongRentPayer, BountyRunning.
    /// Event: BountyRefunded.
    pub fn refund_bounty(ctx: Context<RefundBounty>) -> Result<()> {
        handle_refund_bounty(ctx)
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

    /// Ends a running contract early, after the present epoch and the notice.
    ///
    /// Signer: either side's owner.
    /// Errors: NotContentProvider, NotContractSeller, NotContractSide, ContractStateInvalid,
    /// NoticeTooShort, TerminationTooLate.
    /// Event: ContractTerminated.
    pub fn terminate_contract(ctx: Context<TerminateContract>, notice_epochs: u32) -> Result<()> {
        handle_terminate_contract(ctx, notice_epochs)
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

    /// Pays what the vault holds for a challenger. Called by the settlement program.
    ///
    /// Signer: the settlement's authority.
    /// Errors: NotSettlement, WrongMint, WrongVault, VaultTooSmall.
    /// Event: HeldPaid.
    pub fn pay_held(ctx: Context<PayHeld>, amount: u64) -> Result<()> {
        handle_pay_held(ctx, amount)
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

    /// Brings a contract of the first cut to the present layout. Parameters that it did not keep are those of now; its
    /// seller then has to bond it.
    ///
    /// Signer: payer (anyone).
    /// Errors: ContractNotFirstCut.
    /// Event: ContractUpgraded.
    pub fn upgrade_contract(ctx: Context<UpgradeContract>) -> Result<()> {
        handle_upgrade_contract(ctx)
    }
}
