use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, BEACON_PAGE_SEED};
use crate::error::RegistryError;
use crate::events::BeaconPageCreated;
use crate::state::BeaconPage;

#[event_cpi]
#[derive(Accounts)]
#[instruction(page: u32)]
pub struct CreateBeaconPage<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(
        init,
        payer = payer,
        space = 8 + BeaconPage::INIT_SPACE,
        seeds = [BEACON_PAGE_SEED, &page.to_le_bytes()],
        bump
    )]
    pub beacon_page: AccountLoader<'info, BeaconPage>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_beacon_page(ctx: Context<CreateBeaconPage>, page: u32) -> Result<()> {
    // 65,536 pages are 16.7 million BEACONs.
    let page = u16::try_from(page).map_err(|_| RegistryError::CounterOutOfRange)?;
    {
        let mut beacon_page = ctx.accounts.beacon_page.load_init()?;
        beacon_page.version = ACCOUNT_VERSION;
        beacon_page.bump = ctx.bumps.beacon_page;
        beacon_page.page = page;
    }
    emit_cpi!(BeaconPageCreated {
        beacon_page: ctx.accounts.beacon_page.key(),
        page,
    });
    Ok(())
}
