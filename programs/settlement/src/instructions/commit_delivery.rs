use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenAccount;
use market::{program::Market, Contract, KIND_COUNT};
use protocol_core::compute_lock;
use registry::{
    program::Registry, Participant, ParticipantStatus, ACCOUNT_VERSION, HOT_SCOPE_COMMIT,
    SETTLEMENT_AUTHORITY_AND_BUMP,
};

use crate::constants::{COMMITMENT_SEED, KIND_COSIGNED, SEED_DELAY_SLOTS};
use crate::error::SettlementError;
use crate::events::DeliveryCommitted;
use crate::program_calls::program_calls;
use crate::state::{validate_tree, CommitmentState, DeliveryCommitment, SlaSummary};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct CommitDeliveryArgs {
    pub epoch: u32,
    pub kind: u8,
    pub root: [u8; 32],
    pub depth: u8,
    pub leaf_count: u32,
    pub total_bytes: u64,
    pub manifest_hash: [u8; 32],
    pub sla_summary: SlaSummary,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CommitDeliveryArgs)]
pub struct CommitDelivery<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    #[account(mut)]
    pub seller: Box<Account<'info, Participant>>,
    #[account(
        mut,
        has_one = seller @ SettlementError::NotContractSeller,
        has_one = vault @ SettlementError::WrongVault
    )]
    pub contract: Box<Account<'info, Contract>>,
    #[account(
        init,
        payer = payer,
        space = 8 + DeliveryCommitment::INIT_SPACE,
        seeds = [
            COMMITMENT_SEED,
            contract.key().as_ref(),
            &args.epoch.to_le_bytes(),
            &[args.kind]
        ],
        bump
    )]
    pub commitment: Box<Account<'info, DeliveryCommitment>>,
    /// CHECK: the same epoch's commitment of kind (kind + 1) mod 3, proved by its seeds. It cannot be
    /// closed before the commit window ends, so that an empty account means that there is none.
    #[account(
        seeds = [
            COMMITMENT_SEED,
            contract.key().as_ref(),
            &args.epoch.to_le_bytes(),
            &[sibling_kind(args.kind, 1)]
        ],
        bump
    )]
    pub next_kind_commitment: UncheckedAccount<'info>,
    /// CHECK: as above, of kind (kind + 2) mod 3.
    #[account(
        seeds = [
            COMMITMENT_SEED,
            contract.key().as_ref(),
            &args.epoch.to_le_bytes(),
            &[sibling_kind(args.kind, 2)]
        ],
        bump
    )]
    pub last_kind_commitment: UncheckedAccount<'info>,
    pub vault: Box<InterfaceAccount<'info, TokenAccount>>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    /// CHECK: the market's event address, compared with the constant.
    #[account(address = market::EVENT_AUTHORITY_AND_BUMP.0)]
    pub market_event_authority: UncheckedAccount<'info>,
    pub registry_program: Program<'info, Registry>,
    /// CHECK: the registry's event address, compared with the constant.
    #[account(address = registry::EVENT_AUTHORITY_AND_BUMP.0)]
    pub registry_event_authority: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

fn sibling_kind(kind: u8, step: u8) -> u8 {
    // Three kinds (KIND_COUNT); an unknown kind is refused by `validate`.
    kind.wrapping_add(step) % 3
}

impl<'info> CommitDelivery<'info> {
    fn validate(&self, args: &CommitDeliveryArgs, now: i64) -> Result<()> {
        require!(
            self.seller
                .authorizes(&self.authority.key(), HOT_SCOPE_COMMIT, now),
            SettlementError::NotAuthorized
        );
        require!(
            self.seller.status == ParticipantStatus::Active,
            SettlementError::ParticipantNotActive
        );
        require!(
            usize::from(args.kind) < KIND_COUNT,
            SettlementError::KindUnknown
        );
        require!(
            args.epoch < self.contract.epoch_count,
            SettlementError::EpochOutOfRange
        );
        let (opens_at, closes_at) = self.commit_window(args.epoch)?;
        require!(now >= opens_at, SettlementError::CommitTooEarly);
        require!(now <= closes_at, SettlementError::CommitTooLate);
        validate_tree(&args.root, args.depth, args.leaf_count, args.total_bytes)?;
        args.sla_summary
            .to_core()
            .check()
            .map_err(|_| SettlementError::SummaryInvalid)?;
        let most = self
            .contract
            .max_epoch_bytes()
            .map_err(|_| SettlementError::AmountOverflow)?;
        let all_kinds = self
            .sibling_bytes(&self.next_kind_commitment)?
            .checked_add(self.sibling_bytes(&self.last_kind_commitment)?)
            .and_then(|others| others.checked_add(args.total_bytes));
        require!(
            all_kinds.is_some_and(|total| total <= most),
            SettlementError::BytesAboveCap
        );
        Ok(())
    }

    fn commit_window(&self, epoch: u32) -> Result<(i64, i64)> {
        let window = self.contract.commit_window(epoch);
        window.map_err(|_| SettlementError::AmountOverflow.into())
    }

    /// Bytes of another kind in the same epoch; 0 if it is not committed.
    fn sibling_bytes(&self, sibling: &UncheckedAccount<'info>) -> Result<u64> {
        if sibling.owner != &crate::ID {
            return Ok(0);
        }
        let data = sibling.try_borrow_data()?;
        Ok(DeliveryCommitment::try_deserialize(&mut data.as_ref())?.total_bytes)
    }

    fn write_commitment(&mut self, args: &CommitDeliveryArgs, clock: &Clock) -> Result<()> {
        let cosign_secs = i64::from(self.contract.cosign_window_secs);
        let (_, closable_at) = self.commit_window(args.epoch)?;
        let commitment = &mut self.commitment;
        commitment.version = ACCOUNT_VERSION;
        commitment.contract = self.contract.key();
        commitment.epoch = args.epoch;
        commitment.kind = args.kind;
        commitment.root = args.root;
        commitment.depth = args.depth;
        commitment.leaf_count = args.leaf_count;
        commitment.total_bytes = args.total_bytes;
        commitment.manifest_hash = args.manifest_hash;
        commitment.sla_summary = args.sla_summary;
        commitment.committed_slot = clock.slot;
        commitment.committed_at = clock.unix_timestamp;
        commitment.seed_target_slot = clock.slot.saturating_add(SEED_DELAY_SLOTS);
        // Nothing to sample without bytes (protocol 6.7).
        commitment.state = if args.total_bytes == 0 {
            CommitmentState::Proven
        } else {
            CommitmentState::Committed
        };
        commitment.rent_payer = self.payer.key();
        commitment.deadline = clock.unix_timestamp.saturating_add(cosign_secs);
        commitment.closable_at = closable_at;
        commitment.invariant()
    }
}

pub fn handle_commit_delivery(
    ctx: Context<CommitDelivery>,
    args: CommitDeliveryArgs,
) -> Result<()> {
    let clock = Clock::get()?;
    let accounts = &mut *ctx.accounts;
    accounts.validate(&args, clock.unix_timestamp)?;
    accounts.write_commitment(&args, &clock)?;
    let calls = program_calls!(accounts);
    let gross = calls.record_commitment(
        accounts.contract.to_account_info(),
        accounts.vault.to_account_info(),
        args.kind,
        args.total_bytes,
    )?;
    let lock = match args.kind {
        KIND_COSIGNED => 0,
        _ => compute_lock(gross, accounts.contract.slash_multiplier_basis_points)
            .map_err(|_| SettlementError::AmountOverflow)?,
    };
    let commitment = &mut accounts.commitment;
    commitment.bump = ctx.bumps.commitment;
    commitment.gross = gross;
    commitment.lock = lock;
    calls.lock_stake(accounts.seller.to_account_info(), lock)?;
    let commitment = &ctx.accounts.commitment;
    emit_cpi!(DeliveryCommitted {
        commitment: commitment.key(),
        contract: commitment.contract,
        epoch: commitment.epoch,
        kind: commitment.kind,
        root: commitment.root,
        depth: commitment.depth,
        leaf_count: commitment.leaf_count,
        total_bytes: commitment.total_bytes,
        manifest_hash: commitment.manifest_hash,
        sla_summary: commitment.sla_summary,
        gross,
        lock,
        seed_target_slot: commitment.seed_target_slot,
        deadline: commitment.deadline,
        state: commitment.state,
    });
    Ok(())
}
