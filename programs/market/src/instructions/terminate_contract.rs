use anchor_lang::prelude::*;
use registry::Participant;

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::ContractTerminated;
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct TerminateContract<'info> {
    pub authority: Signer<'info>,
    pub content_provider: Box<Account<'info, Participant>>,
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = content_provider @ MarketError::NotContentProvider,
        has_one = seller @ MarketError::NotContractSeller
    )]
    pub contract: Box<Account<'info, Contract>>,
}

impl TerminateContract<'_> {
    fn validate(&self) -> Result<()> {
        let authority = self.authority.key();
        let is_side = authority == self.content_provider.owner || authority == self.seller.owner;
        require!(is_side, MarketError::NotContractSide);
        Ok(())
    }
}

pub fn handle_terminate_contract(
    ctx: Context<TerminateContract>,
    notice_epochs: u32,
) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.validate()?;
    let now = Clock::get()?.unix_timestamp;
    let epoch_count_before = accounts.contract.terminate(notice_epochs, now)?;
    let accounts = &*ctx.accounts;
    emit_cpi!(ContractTerminated {
        contract: accounts.contract.key(),
        terminated_by: accounts.authority.key(),
        epoch_count_before,
        epoch_count_after: accounts.contract.epoch_count,
    });
    Ok(())
}
