use anchor_lang::prelude::*;
use registry::cpi::{self, accounts as cpi_accounts};
use registry::{AUTHORITY_SEED, MARKET_AUTHORITY_AND_BUMP};

/// Calls into the registry, signed with this program's own address.
pub(crate) struct RegistryCpi<'info> {
    pub market_authority: AccountInfo<'info>,
    pub registry_program: AccountInfo<'info>,
    pub registry_event_authority: AccountInfo<'info>,
}

/// The calls of an instruction whose accounts name the registry's three as all here do.
macro_rules! registry_accounts {
    ($name:ident) => {
        impl<'info> $name<'info> {
            fn registry_cpi(&self) -> $crate::registry_cpi::RegistryCpi<'info> {
                $crate::registry_cpi::RegistryCpi {
                    market_authority: self.market_authority.to_account_info(),
                    registry_program: self.registry_program.to_account_info(),
                    registry_event_authority: self.registry_event_authority.to_account_info(),
                }
            }
        }
    };
}
pub(crate) use registry_accounts;

impl<'info> RegistryCpi<'info> {
    pub fn reserve_node_capacity(
        &self,
        node: &AccountInfo<'info>,
        rate: u64,
        verified_only: bool,
    ) -> Result<()> {
        let accounts = cpi_accounts::ReserveNodeCapacity {
            market_authority: self.market_authority.clone(),
            node: node.clone(),
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            cpi::reserve_node_capacity(context, rate, verified_only)
        })
    }

    pub fn release_node_capacity(&self, node: &AccountInfo<'info>, rate: u64) -> Result<()> {
        let accounts = cpi_accounts::ReleaseNodeCapacity {
            market_authority: self.market_authority.clone(),
            node: node.clone(),
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            cpi::release_node_capacity(context, rate)
        })
    }

    pub fn lock_stake(&self, participant: AccountInfo<'info>, amount: u64) -> Result<()> {
        let accounts = cpi_accounts::LockStake {
            market_authority: self.market_authority.clone(),
            participant,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            cpi::lock_stake(context, amount)
        })
    }

    pub fn unlock_stake(&self, participant: AccountInfo<'info>, amount: u64) -> Result<()> {
        let accounts = cpi_accounts::UnlockStake {
            market_authority: self.market_authority.clone(),
            participant,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            cpi::unlock_stake(context, amount)
        })
    }

    pub fn begin_contract(
        &self,
        content_provider: AccountInfo<'info>,
        seller: AccountInfo<'info>,
        nonce: u64,
    ) -> Result<()> {
        let accounts = cpi_accounts::BeginContract {
            market_authority: self.market_authority.clone(),
            content_provider,
            seller,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            let context = CpiContext::new_with_signer(registry::ID, accounts, seeds);
            cpi::begin_contract(context, nonce)
        })
    }

    pub fn end_contract(
        &self,
        content_provider: AccountInfo<'info>,
        seller: AccountInfo<'info>,
    ) -> Result<()> {
        let accounts = cpi_accounts::EndContract {
            market_authority: self.market_authority.clone(),
            content_provider,
            seller,
            event_authority: self.registry_event_authority.clone(),
            program: self.registry_program.clone(),
        };
        with_authority(|seeds| {
            cpi::end_contract(CpiContext::new_with_signer(registry::ID, accounts, seeds))
        })
    }
}

/// Runs a call with the signer seeds of this program's own address.
pub(crate) fn with_authority(call: impl FnOnce(&[&[&[u8]]]) -> Result<()>) -> Result<()> {
    let bump = [MARKET_AUTHORITY_AND_BUMP.1];
    call(&[&[AUTHORITY_SEED, &bump]])
}
