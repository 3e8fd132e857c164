use anchor_lang::prelude::*;

use crate::constants::{BEACON_PAGE_SEED, BEACON_REGISTRY_SEED, BEACON_SEED, CONFIG_SEED};
use crate::error::RegistryError;
use crate::events::BeaconExited;
use crate::state::{Beacon, BeaconPage, BeaconRegistry, Config};

#[event_cpi]
#[derive(Accounts)]
pub struct ExitBeacon<'info> {
    pub owner: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    #[account(mut, seeds = [BEACON_REGISTRY_SEED], bump = beacon_registry.bump)]
    pub beacon_registry: Box<Account<'info, BeaconRegistry>>,
    #[account(
        mut,
        seeds = [BEACON_SEED, beacon.beacon_key.as_ref()],
        bump = beacon.bump,
        has_one = owner @ RegistryError::NotBeaconOwner
    )]
    pub beacon: Box<Account<'info, Beacon>>,
    #[account(
        mut,
        seeds = [BEACON_PAGE_SEED, &beacon.page().to_le_bytes()],
        bump = beacon_page.load()?.bump
    )]
    pub beacon_page: AccountLoader<'info, BeaconPage>,
    /// The page of the last place, where that is another one.
    #[account(
        mut,
        seeds = [BEACON_PAGE_SEED, &beacon_registry.last_page().to_le_bytes()],
        bump = last_page.load()?.bump
    )]
    pub last_page: Option<AccountLoader<'info, BeaconPage>>,
    /// The BEACON at the last place, unless it is the one that leaves.
    #[account(
        mut,
        seeds = [BEACON_SEED, moved_beacon.beacon_key.as_ref()],
        bump = moved_beacon.bump
    )]
    pub moved_beacon: Option<Box<Account<'info, Beacon>>>,
}

impl ExitBeacon<'_> {
    /// Which accounts are there has to fit the two places, or a key could be lost or listed twice.
    fn validate(&self) -> Result<()> {
        let registry = &self.beacon_registry;
        let last = registry.count.saturating_sub(1);
        let other_page = self.beacon.page() != registry.last_page();
        require!(
            self.last_page.is_some() == other_page
                && self.moved_beacon.is_some() == (self.beacon.index != last),
            RegistryError::MovedBeaconWrong
        );
        if let Some(moved) = &self.moved_beacon {
            let listed = moved.index == last && moved.check_active().is_ok();
            require!(listed, RegistryError::MovedBeaconWrong);
        }
        Ok(())
    }

    /// Moves the last key to the place that becomes free; returns that key and where it stood.
    fn swap_remove(&mut self, freed: u32) -> Result<(Pubkey, u32)> {
        let last = self.beacon_registry.remove_last()?;
        let last_page = self.last_page.as_ref().unwrap_or(&self.beacon_page);
        last_page.load_mut()?.set(last, Pubkey::default())?;
        let Some(moved) = &mut self.moved_beacon else {
            return Ok((Pubkey::default(), last));
        };
        self.beacon_page.load_mut()?.set(freed, moved.beacon_key)?;
        moved.index = freed;
        moved.invariant()?;
        Ok((moved.beacon_key, last))
    }
}

pub fn handle_exit_beacon(ctx: Context<ExitBeacon>) -> Result<()> {
    ctx.accounts.config.check_version()?;
    let bond_ready_at = Clock::get()?
        .unix_timestamp
        .checked_add(i64::from(ctx.accounts.config.params.unbond_secs))
        .ok_or(RegistryError::CounterOutOfRange)?;
    let index = ctx.accounts.beacon.index;
    ctx.accounts.beacon.leave(bond_ready_at)?;
    ctx.accounts.validate()?;
    let (moved_key, moved_index_before) = ctx.accounts.swap_remove(index)?;
    ctx.accounts.beacon.invariant()?;
    emit_cpi!(BeaconExited {
        beacon: ctx.accounts.beacon.key(),
        index,
        moved_key,
        moved_index_before,
        bond_ready_at,
        count_after: ctx.accounts.beacon_registry.count,
    });
    Ok(())
}
