use anchor_lang::prelude::*;

use crate::constants::{BEACON_SEED, HOT_SCOPE_PROVE, PARTICIPANT_SEED};
use crate::error::RegistryError;
use crate::events::BeaconTagged;
use crate::state::{Beacon, Participant};

#[event_cpi]
#[derive(Accounts)]
pub struct TagPrefix<'info> {
    /// The auditor's owner, or its hot key with the permission to prove.
    pub authority: Signer<'info>,
    #[account(
        seeds = [PARTICIPANT_SEED, auditor.owner.as_ref()],
        bump = auditor.bump
    )]
    pub auditor: Box<Account<'info, Participant>>,
    #[account(
        mut,
        seeds = [BEACON_SEED, beacon.beacon_key.as_ref()],
        bump = beacon.bump
    )]
    pub beacon: Box<Account<'info, Beacon>>,
}

impl TagPrefix<'_> {
    fn validate(&self, now: i64) -> Result<()> {
        let auditor = &self.auditor;
        auditor.invariant()?;
        require!(
            auditor.authorizes(&self.authority.key(), HOT_SCOPE_PROVE, now),
            RegistryError::NotAuthorized
        );
        auditor.check_counts_as_auditor()?;
        require_keys_neq!(auditor.owner, self.beacon.owner, RegistryError::OwnBeacon);
        Ok(())
    }
}

/// One admitted auditor suffices per tag; who gave it is stored, so that a quorum can be asked later.
pub fn handle_tag_prefix(ctx: Context<TagPrefix>, prefix_tag: u32) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(now)?;
    let auditor = ctx.accounts.auditor.key();
    let beacon = &mut ctx.accounts.beacon;
    let prefix_tag_before = beacon.prefix_tag;
    beacon.tag(prefix_tag, auditor, now)?;
    beacon.invariant()?;
    emit_cpi!(BeaconTagged {
        beacon: beacon.key(),
        auditor,
        prefix_tag_before,
        prefix_tag_after: prefix_tag,
        expires_at: beacon.tag_expires_at,
    });
    Ok(())
}
