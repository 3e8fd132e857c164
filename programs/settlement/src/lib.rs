//! Delivery commitments, their co-signature, settlement and payout (protocol 6.7, 6.9).

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
mod market_cpi;
pub mod state;

use anchor_lang::prelude::*;

pub use constants::*;
pub use error::SettlementError;
pub use events::*;
pub use instructions::*;
pub use state::*;

// The development key's address (see Anchor.toml); a production build states its own.
declare_id!("4BMpA2T2x8UfGkNqp1oYqpzStPRManeaqAxQdCByZ1i2");

#[program]
pub mod settlement {
    use super::*;

    /// Commits one epoch's deliveries of one kind: fixes their gross and locks stake for receipted kinds.
    ///
    /// Signer: payer; the seller's owner, or its hot key with the permission to commit.
    /// Errors: NotContractSeller, WrongVault, NotAuthorized, ParticipantNotActive, KindUnknown,
    /// EpochOutOfRange, CommitTooEarly, CommitTooLate, DepthOutOfRange, TooManyLeaves,
    /// EmptyTreeInvalid, SummaryInvalid, BytesAboveCap; of the market: ContractStateInvalid; of the
    /// registry: FreeStakeTooSmall.
    /// Event: DeliveryCommitted.
    pub fn commit_delivery(ctx: Context<CommitDelivery>, args: CommitDeliveryArgs) -> Result<()> {
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

    /// Turns a co-signed commitment into debts to the payees and frees its stake.
    ///
    /// Signer: none.
    /// Errors: NotContractSeller, WrongVault, WrongContract, CommitmentStateInvalid.
    /// Event: DeliverySettled.
    pub fn settle_delivery(ctx: Context<SettleDelivery>) -> Result<()> {
        handle_settle_delivery(ctx)
    }

    /// Ends a commitment that was not co-signed in time: no pay, stake freed.
    ///
    /// Signer: none.
    /// Errors: NotContractSeller, WrongVault, WrongContract, CommitmentStateInvalid, CosignWindowOpen.
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
}
