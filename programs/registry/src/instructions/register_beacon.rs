use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::constants::{
    ACCOUNT_VERSION, BEACON_PAGE_SEED, BEACON_REGISTRY_SEED, BEACON_SEED, CONFIG_SEED,
    RESERVED_BYTES, STAKE_VAULT_SEED,
};
use crate::error::RegistryError;
use crate::events::BeaconRegistered;
use crate::state::{Beacon, BeaconPage, BeaconRegistry, BeaconStatus, Config};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct RegisterBeaconArgs {
    pub asn: u32,
    pub down_kilobits_per_second: u64,
    /// Base units of the bond's mint.
    pub bond: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct RegisterBeacon<'info> {
    #[account(mut)]
    pub owner: Signer<'info>,
    /// Signs too: nobody lists a key that is not its own.
    pub beacon_key: Signer<'info>,
    #[account(
        seeds = [CONFIG_SEED],
        bump = config.bump,
        constraint = config.allows_mint(&bond_mint.key()) @ RegistryError::MintNotAllowed
    )]
    pub config: Box<Account<'info, Config>>,
    #[account(mut, seeds = [BEACON_REGISTRY_SEED], bump = beacon_registry.bump)]
    pub beacon_registry: Box<Account<'info, BeaconRegistry>>,
    #[account(
        mut,
        seeds = [BEACON_PAGE_SEED, &beacon_registry.next_page().to_le_bytes()],
        bump = beacon_page.load()?.bump
    )]
    pub beacon_page: AccountLoader<'info, BeaconPage>,
    #[account(
        init,
        payer = owner,
        space = 8 + Beacon::INIT_SPACE,
        seeds = [BEACON_SEED, beacon_key.key().as_ref()],
        bump
    )]
    pub beacon: Box<Account<'info, Beacon>>,
    pub bond_mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        mut,
        token::mint = bond_mint,
        token::authority = owner,
        token::token_program = token_program
    )]
    pub owner_token_account: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        mut,
        seeds = [STAKE_VAULT_SEED, bond_mint.key().as_ref()],
        bump,
        token::mint = bond_mint,
        token::token_program = token_program
    )]
    pub stake_vault: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub system_program: Program<'info, System>,
}

impl RegisterBeacon<'_> {
    /// Moves the bond and returns what has really arrived.
    fn receive(&mut self, amount: u64) -> Result<u64> {
        let before = self.stake_vault.amount;
        let accounts = TransferChecked {
            from: self.owner_token_account.to_account_info(),
            mint: self.bond_mint.to_account_info(),
            to: self.stake_vault.to_account_info(),
            authority: self.owner.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, amount, self.bond_mint.decimals)?;
        self.stake_vault.reload()?;
        let received = self.stake_vault.amount.checked_sub(before);
        received.ok_or_else(|| RegistryError::CounterOutOfRange.into())
    }

    fn list(&mut self, args: &RegisterBeaconArgs, bond: u64, bump: u8) -> Result<()> {
        let (beacon_key, index) = (self.beacon_key.key(), self.beacon_registry.append()?);
        self.beacon_page.load_mut()?.set(index, beacon_key)?;
        self.beacon.set_inner(Beacon {
            version: ACCOUNT_VERSION,
            bump,
            owner: self.owner.key(),
            beacon_key,
            index,
            prefix_tag: 0,
            tag_expires_at: 0,
            tagged_by: Pubkey::default(),
            asn: args.asn,
            down_kilobits_per_second: args.down_kilobits_per_second,
            bond_mint: self.bond_mint.key(),
            bond,
            bond_ready_at: 0,
            flags: 0,
            strikes: 0,
            status: BeaconStatus::Active,
            reserved: [0; RESERVED_BYTES],
        });
        self.beacon.invariant()
    }
}

pub fn handle_register_beacon(
    ctx: Context<RegisterBeacon>,
    args: RegisterBeaconArgs,
) -> Result<()> {
    ctx.accounts.config.check_version()?;
    let bond = ctx.accounts.receive(args.bond)?;
    ctx.accounts.list(&args, bond, ctx.bumps.beacon)?;
    let beacon = &ctx.accounts.beacon;
    emit_cpi!(BeaconRegistered {
        beacon: beacon.key(),
        beacon_key: beacon.beacon_key,
        owner: beacon.owner,
        index: beacon.index,
        asn: args.asn,
        down_kilobits_per_second: args.down_kilobits_per_second,
        bond_mint: beacon.bond_mint,
        bond,
        count_after: ctx.accounts.beacon_registry.count,
    });
    Ok(())
}
