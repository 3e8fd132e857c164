use anchor_lang::prelude::*;
use registry::Participant;

use crate::constants::CONTRACT_SEED;
use crate::error::MarketError;
use crate::events::IssuerRotated;
use crate::state::Contract;

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct RotateIssuerArgs {
    pub slot: u8,
    pub issuer: Pubkey,
    pub from_epoch: u32,
}

#[event_cpi]
#[derive(Accounts)]
pub struct RotateIssuer<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ MarketError::NotOwner)]
    pub content_provider: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [
            CONTRACT_SEED,
            contract.content_provider.as_ref(),
            contract.seller.as_ref(),
            &contract.nonce.to_le_bytes()
        ],
        bump = contract.bump,
        has_one = content_provider @ MarketError::NotContentProvider
    )]
    pub contract: Box<Account<'info, Contract>>,
}

pub fn handle_rotate_issuer(ctx: Context<RotateIssuer>, args: RotateIssuerArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let contract = &mut ctx.accounts.contract;
    require!(!contract.is_terminal(), MarketError::ContractStateInvalid);
    let slot = usize::from(args.slot);
    let issuer_before = contract.issuer.get(slot).copied().unwrap_or_default();
    contract.rotate_issuer(args.slot, args.issuer, args.from_epoch, now)?;
    emit_cpi!(IssuerRotated {
        contract: contract.key(),
        slot: args.slot,
        issuer_before,
        issuer_after: args.issuer,
        from_epoch: args.from_epoch,
    });
    Ok(())
}
