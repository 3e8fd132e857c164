use anchor_lang::prelude::*;
use market::Contract;
use registry::{Participant, HOT_SCOPE_COSIGN};

use crate::constants::COMMITMENT_SEED;
use crate::error::SettlementError;
use crate::events::DeliveryCosigned;
use crate::state::DeliveryCommitment;

#[event_cpi]
#[derive(Accounts)]
pub struct CosignDelivery<'info> {
    pub authority: Signer<'info>,
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(has_one = content_provider @ SettlementError::NotContentProvider)]
    pub contract: Box<Account<'info, Contract>>,
    #[account(
        mut,
        seeds = [
            COMMITMENT_SEED,
            commitment.contract.as_ref(),
            &commitment.epoch.to_le_bytes(),
            &[commitment.kind]
        ],
        bump = commitment.bump,
        has_one = contract @ SettlementError::WrongContract
    )]
    pub commitment: Box<Account<'info, DeliveryCommitment>>,
}

impl CosignDelivery<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        require!(
            self.content_provider
                .authorizes(&self.authority.key(), HOT_SCOPE_COSIGN, now),
            SettlementError::NotAuthorized
        );
        Ok(())
    }
}

pub fn handle_cosign_delivery(ctx: Context<CosignDelivery>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(now)?;
    let cosigned_by = ctx.accounts.authority.key();
    let commitment = &mut ctx.accounts.commitment;
    let state_before = commitment.state;
    commitment.cosign(now)?;
    commitment.invariant()?;
    emit_cpi!(DeliveryCosigned {
        commitment: commitment.key(),
        contract: commitment.contract,
        epoch: commitment.epoch,
        kind: commitment.kind,
        cosigned_by,
        root: commitment.root,
        total_bytes: commitment.total_bytes,
        gross: commitment.gross,
        state_before,
    });
    Ok(())
}
