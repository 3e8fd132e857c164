use anchor_lang::prelude::*;
use registry::{Config, MAX_KILOBITS_PER_SECOND};

use crate::claim_pairs::ClaimPairs;
use crate::constants::{MAX_CLAIMS, MAX_EPOCH_COUNT, MAX_GENESIS_LEAD_SECS};
use crate::error::MarketError;
use crate::events::ContractProposed;
use crate::registry_cpi::RegistryCpi;
use crate::state::{add, Contract, ContractState, Offer, CONTRACT_VERSION};

/// All that a new contract is made from. Every contract is opened here, whether its terms come from a
/// posted offer or from a lot that was awarded.
pub(crate) struct Opening<'a> {
    pub content_provider: Pubkey,
    pub seller: Pubkey,
    pub nonce: u64,
    /// The offer, or the bid that won.
    pub source: Pubkey,
    pub terms: &'a Offer,
    pub config: &'a Config,
    pub token_program: Pubkey,
    pub vault: Pubkey,
    pub rent_payer: Pubkey,
    pub issuer: Pubkey,
    pub genesis_at: i64,
    pub epoch_count: u32,
    pub committed_kilobits_per_second: u64,
    pub cap_kilobits_per_second: u64,
    pub claim_shares: [u64; MAX_CLAIMS],
}

impl Opening<'_> {
    pub fn validate(&self, now: i64) -> Result<()> {
        let cap = self.committed_kilobits_per_second..=MAX_KILOBITS_PER_SECOND;
        require!(
            cap.contains(&self.cap_kilobits_per_second),
            MarketError::CapInvalid
        );
        let epochs = self.terms.min_epochs..=MAX_EPOCH_COUNT;
        require!(
            epochs.contains(&self.epoch_count),
            MarketError::EpochCountInvalid
        );
        let genesis = now..=now.saturating_add(MAX_GENESIS_LEAD_SECS);
        require!(
            genesis.contains(&self.genesis_at),
            MarketError::GenesisInvalid
        );
        require_keys_neq!(self.issuer, Pubkey::default(), MarketError::IssuerMissing);
        let (used, unused) = self
            .claim_shares
            .split_at_checked(usize::from(self.terms.claim_count))
            .ok_or(MarketError::InvariantBroken)?;
        let sum = used.iter().try_fold(0, |sum, share| add(sum, *share))?;
        require!(
            sum == self.committed_kilobits_per_second && unused.iter().all(|share| *share == 0),
            MarketError::SharesMismatch
        );
        Ok(())
    }

    /// Writes the proposed contract.
    pub fn write(&self, contract: &mut Contract, bump: u8) -> Result<()> {
        contract.version = CONTRACT_VERSION;
        contract.bump = bump;
        contract.content_provider = self.content_provider;
        contract.seller = self.seller;
        contract.nonce = self.nonce;
        contract.offer = self.source;
        contract.token_program = self.token_program;
        contract.vault = self.vault;
        contract.issuer = [self.issuer, Pubkey::default()];
        contract.issuer_from_epoch = [0, 0];
        contract.genesis_at = self.genesis_at;
        contract.epoch_count = self.epoch_count;
        contract.committed_kilobits_per_second = self.committed_kilobits_per_second;
        contract.cap_kilobits_per_second = self.cap_kilobits_per_second;
        contract.claim_shares = self.claim_shares;
        contract.state = ContractState::Proposed;
        contract.rent_payer = self.rent_payer;
        contract.copy_terms(self.terms);
        contract.copy_params(self.config, self.config.params.hash()?);
        Ok(())
    }
}

/// Binds a new contract's capacity and counts it on both sides. `pairs`: for each claim its account and its node.
pub(crate) fn bind_contract<'info>(
    contract: &Contract,
    registry: &RegistryCpi<'info>,
    (content_provider, seller): (AccountInfo<'info>, AccountInfo<'info>),
    pairs: &'info [AccountInfo<'info>],
    verified_only: bool,
) -> Result<()> {
    registry.begin_contract(content_provider, seller, contract.nonce)?;
    ClaimPairs::new(contract, pairs)?.reserve(
        registry,
        contract.genesis_at,
        contract.ends_at()?,
        verified_only,
    )
}

/// What is told of a new contract; `remaining` is what is left to sell before and after it.
pub(crate) fn contract_proposed(
    key: Pubkey,
    contract: &Contract,
    remaining: (u64, u64),
    verified_only: bool,
    now: i64,
) -> Result<ContractProposed> {
    Ok(ContractProposed {
        contract: key,
        content_provider: contract.content_provider,
        seller: contract.seller,
        offer: contract.offer,
        committed_kilobits_per_second: contract.committed_kilobits_per_second,
        cap_kilobits_per_second: contract.cap_kilobits_per_second,
        offer_remaining_before: remaining.0,
        offer_remaining_after: remaining.1,
        genesis_at: contract.genesis_at,
        epoch_length_secs: contract.epoch_length_secs,
        epoch_count: contract.epoch_count,
        reserve: contract.reserve(now)?,
        params_hash: contract.params_hash,
        verified_only,
    })
}

/// Whether the account is an active contract between the two that holds a share of the claim.
pub(crate) fn serves_claim<'info>(
    info: &'info AccountInfo<'info>,
    (content_provider, seller): (Pubkey, Pubkey),
    claim: &Pubkey,
) -> Result<bool> {
    let loader = AccountLoader::<Contract>::try_from(info)?;
    let contract = loader.load()?;
    let mut held = contract.claims.iter().zip(contract.claim_shares);
    Ok(contract.content_provider == content_provider
        && contract.seller == seller
        && contract.state == ContractState::Active
        && held.any(|(held, share)| held == claim && share > 0))
}
