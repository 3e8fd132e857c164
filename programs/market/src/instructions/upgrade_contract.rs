use anchor_lang::prelude::*;
use anchor_lang::system_program::{transfer, Transfer};
use anchor_lang::Discriminator;
use registry::{Config, CONFIG_SEED};

use crate::error::MarketError;
use crate::events::ContractUpgraded;
use crate::state::{Contract, CONTRACT_VERSION, FIRST_CONTRACT_BYTES};

/// Place of the version in the account, after the discriminator.
const VERSION_OFFSET: usize = 8;
const FIRST_VERSION: u8 = 1;
const CONTRACT_BYTES: usize = 8 + Contract::INIT_SPACE;

#[event_cpi]
#[derive(Accounts)]
pub struct UpgradeContract<'info> {
    /// Pays the rent of what is added; `close_contract` gives it to who paid the rest.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: owner, type, version and length are checked in the handler; the account is too short for its type.
    #[account(mut, owner = crate::ID)]
    pub contract: UncheckedAccount<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump, seeds::program = registry::ID)]
    pub config: Box<Account<'info, Config>>,
    pub system_program: Program<'info, System>,
}

impl UpgradeContract<'_> {
    fn validate(&self) -> Result<()> {
        let data = self.contract.try_borrow_data()?;
        let is_first_cut = data.starts_with(Contract::DISCRIMINATOR)
            && data.len() == FIRST_CONTRACT_BYTES
            && data.get(VERSION_OFFSET) == Some(&FIRST_VERSION);
        require!(is_first_cut, MarketError::ContractNotFirstCut);
        Ok(())
    }

    fn extend(&self) -> Result<()> {
        let needed = Rent::get()?.minimum_balance(CONTRACT_BYTES);
        let missing = needed.saturating_sub(self.contract.lamports());
        if missing > 0 {
            let accounts = Transfer {
                from: self.payer.to_account_info(),
                to: self.contract.to_account_info(),
            };
            transfer(
                CpiContext::new(self.system_program.key(), accounts),
                missing,
            )?;
        }
        self.contract.resize(CONTRACT_BYTES)?;
        Ok(())
    }

    /// The fields lie where they lay; what follows them is zero: no bond, nothing committed in the present order.
    fn write(&self) -> Result<()> {
        let mut data = self.contract.try_borrow_mut_data()?;
        let bytes = data
            .get_mut(VERSION_OFFSET..CONTRACT_BYTES)
            .ok_or(MarketError::ContractNotFirstCut)?;
        let contract: &mut Contract = bytemuck::from_bytes_mut(bytes);
        contract.version = CONTRACT_VERSION;
        contract.copy_proof_params(&self.config);
        Ok(())
    }
}

pub fn handle_upgrade_contract(ctx: Context<UpgradeContract>) -> Result<()> {
    let accounts = &*ctx.accounts;
    accounts.validate()?;
    accounts.extend()?;
    accounts.write()?;
    emit_cpi!(ContractUpgraded {
        contract: accounts.contract.key(),
        version: CONTRACT_VERSION,
    });
    Ok(())
}
