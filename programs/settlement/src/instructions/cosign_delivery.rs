use anchor_lang::prelude::*;
use market::Contract;
use registry::{ParticipantAuthority, HOT_SCOPE_COSIGN};

use crate::error::SettlementError;
use crate::events::DeliveryCosigned;
use crate::state::DeliveryCommitment;

#[derive(Accounts)]
pub struct CosignDelivery<'info> {
    pub authority: Signer<'info>,
    /// CHECK: the contract names it; `ParticipantAuthority::read` checks its owner and type.
    pub content_provider: UncheckedAccount<'info>,
    #[account(has_one = content_provider @ SettlementError::NotContentProvider)]
    pub contract: AccountLoader<'info, Contract>,
    #[account(mut, has_one = contract @ SettlementError::WrongContract)]
    pub commitment: AccountLoader<'info, DeliveryCommitment>,
}

impl CosignDelivery<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        let content_provider = ParticipantAuthority::read(&self.content_provider)?;
        require!(
            content_provider.authorizes(self.authority.key, HOT_SCOPE_COSIGN, now),
            SettlementError::NotAuthorized
        );
        Ok(())
    }
}

pub fn handle_cosign_delivery(ctx: Context<CosignDelivery>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &*ctx.accounts;
    accounts.validate(now)?;
    let mut commitment = accounts.commitment.load_mut()?;
    let state_before = commitment.state;
    commitment.cosign(now)?;
    emit!(DeliveryCosigned {
        commitment: accounts.commitment.key(),
        contract: commitment.contract,
        epoch: commitment.epoch,
        kind: commitment.kind,
        cosigned_by: accounts.authority.key(),
        root: commitment.root,
        total_bytes: commitment.total_bytes,
        gross: commitment.gross,
        state_before,
    });
    Ok(())
}
