use anchor_lang::prelude::*;

use crate::constants::MAX_CLAIMS;
use crate::error::MarketError;
use crate::registry_cpi::RegistryCpi;
use crate::state::{CapacityClaim, Contract};

/// The remaining accounts of an instruction that moves capacity: each claim of the contract in its
/// order, followed by its node. Count, address, owner, type and relation are checked for each; the
/// claims of an offer differ from one another since it was posted.
pub(crate) struct ClaimPairs<'info> {
    accounts: &'info [AccountInfo<'info>],
    claims: [Pubkey; MAX_CLAIMS],
    shares: [u64; MAX_CLAIMS],
}

impl<'info> ClaimPairs<'info> {
    pub fn new(contract: &Contract, accounts: &'info [AccountInfo<'info>]) -> Result<Self> {
        let count = usize::from(contract.claim_count);
        require!(
            Some(accounts.len()) == count.checked_mul(2),
            MarketError::ClaimCountInvalid
        );
        Ok(Self {
            accounts,
            claims: contract.claims,
            shares: contract.claim_shares,
        })
    }

    /// Binds the contract's shares to its claims and their nodes, for all of its time.
    pub fn reserve(
        &self,
        registry: &RegistryCpi<'info>,
        begins_at: i64,
        ends_at: i64,
        verified_only: bool,
    ) -> Result<()> {
        self.change(
            |claim, share| claim.reserve(share, begins_at, ends_at),
            |node, share| registry.reserve_node_capacity(node, share, verified_only),
        )
    }

    /// Gives the contract's shares back.
    pub fn release(&self, registry: &RegistryCpi<'info>) -> Result<()> {
        self.change(
            |claim, share| claim.release(share),
            |node, share| registry.release_node_capacity(node, share),
        )
    }

    fn change(
        &self,
        change_claim: impl Fn(&mut CapacityClaim, u64) -> Result<()>,
        change_node: impl Fn(&AccountInfo<'info>, u64) -> Result<()>,
    ) -> Result<()> {
        let pairs = self
            .accounts
            .chunks_exact(2)
            .zip(&self.claims)
            .zip(&self.shares);
        for ((pair, expected), share) in pairs {
            let [claim_info, node_info] = pair else {
                return err!(MarketError::ClaimCountInvalid);
            };
            require_keys_eq!(claim_info.key(), *expected, MarketError::ClaimMismatch);
            let mut claim = Box::new(Account::<CapacityClaim>::try_from(claim_info)?);
            require_keys_eq!(node_info.key(), claim.node, MarketError::NodeMismatch);
            if *share == 0 {
                continue;
            }
            change_claim(&mut claim, *share)?;
            claim.invariant()?;
            claim.exit(&crate::ID)?;
            change_node(node_info, *share)?;
        }
        Ok(())
    }
}
