use anchor_lang::prelude::*;

use crate::constants::CONTRACT_SEED;
use crate::events::ContractSettled;
use crate::state::Contract;

#[event_cpi]
#[derive(Accounts)]
pub struct FinishContract<'info> {
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump
    )]
    pub contract: Box<Account<'info, Contract>>,
}

pub fn handle_finish_contract(ctx: Context<FinishContract>) -> Result<()> {
    let contract = &mut ctx.accounts.contract;
    contract.finish(Clock::get()?.unix_timestamp)?;
    emit_cpi!(ContractSettled {
        contract: contract.key(),
        paid_total: contract.paid_total,
        penalty_total: contract.penalty_total,
        owed_total: contract.owed_total()?,
        settled_commitments: contract.settled_commitments,
    });
    Ok(())
}
