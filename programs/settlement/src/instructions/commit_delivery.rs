use anchor_lang::prelude::*;
use market::{program::Market, Contract, RecordCommitmentArgs, KIND_COUNT};
use registry::{ParticipantAuthority, HOT_SCOPE_COMMIT, SETTLEMENT_AUTHORITY_AND_BUMP};

use crate::constants::{COMMITMENT_SEED, COMMITMENT_VERSION};
use crate::create_account::NewAccount;
use crate::error::SettlementError;
use crate::events::DeliveryCommitted;
use crate::market_cpi::{market_accounts, MarketCpi};
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

#[derive(Accounts)]
#[instruction(args: CommitDeliveryArgs)]
pub struct CommitDelivery<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    /// CHECK: the contract names it; `ParticipantAuthority::read` checks its owner and type.
    pub seller: UncheckedAccount<'info>,
    #[account(mut, has_one = seller @ SettlementError::NotContractSeller)]
    pub contract: AccountLoader<'info, Contract>,
    /// CHECK: its address is derived from its seeds; the handler creates it.
    #[account(
        mut,
        seeds = [
            COMMITMENT_SEED,
            contract.key().as_ref(),
            &args.epoch.to_le_bytes(),
            &[args.kind]
        ],
        bump
    )]
    pub commitment: UncheckedAccount<'info>,
    /// CHECK: the market compares it with the contract's and reads its balance.
    pub vault: UncheckedAccount<'info>,
    /// CHECK: this program's own signing address, compared with the constant.
    #[account(address = SETTLEMENT_AUTHORITY_AND_BUMP.0)]
    pub settlement_authority: UncheckedAccount<'info>,
    pub market_program: Program<'info, Market>,
    pub system_program: Program<'info, System>,
}

market_accounts!(CommitDelivery);

/// What a commitment takes over from its contract.
struct Terms {
    closable_at: i64,
    cosign_secs: i64,
    seed_delay_slots: u64,
}

impl<'info> CommitDelivery<'info> {
    fn validate(&self, args: &CommitDeliveryArgs, now: i64) -> Result<Terms> {
        let seller = ParticipantAuthority::read(&self.seller)?;
        require!(
            seller.authorizes(self.authority.key, HOT_SCOPE_COMMIT, now),
            SettlementError::NotAuthorized
        );
        require!(seller.is_active, SettlementError::ParticipantNotActive);
        require!(
            usize::from(args.kind) < KIND_COUNT,
            SettlementError::KindUnknown
        );
        validate_tree(&args.root, args.depth, args.leaf_count, args.total_bytes)?;
        args.sla_summary
            .to_core()
            .check()
            .map_err(|_| SettlementError::SummaryInvalid)?;
        self.validate_window(args.epoch, now)
    }

    fn create_commitment(
        &'info self,
        args: &CommitDeliveryArgs,
        bump: u8,
    ) -> Result<AccountLoader<'info, DeliveryCommitment>> {
        let contract = self.contract.key();
        NewAccount {
            payer: &self.payer,
            account: &self.commitment,
            space: 8 + DeliveryCommitment::INIT_SPACE,
            seeds: &[
                COMMITMENT_SEED,
                contract.as_ref(),
                &args.epoch.to_le_bytes(),
                &[args.kind],
                &[bump],
            ],
        }
        .create()?;
        AccountLoader::try_from_unchecked(&crate::ID, &self.commitment)
    }

    fn validate_window(&self, epoch: u32, now: i64) -> Result<Terms> {
        let contract = self.contract.load()?;
        require!(
            epoch < contract.epoch_count,
            SettlementError::EpochOutOfRange
        );
        let (opens_at, closable_at) = contract
            .commit_window(epoch)
            .map_err(|_| SettlementError::AmountOverflow)?;
        require!(now >= opens_at, SettlementError::CommitTooEarly);
        require!(now <= closable_at, SettlementError::CommitTooLate);
        Ok(Terms {
            closable_at,
            cosign_secs: i64::from(contract.cosign_window_secs),
            seed_delay_slots: u64::from(contract.seed_delay_slots),
        })
    }
}

impl DeliveryCommitment {
    fn write(&mut self, args: &CommitDeliveryArgs, terms: &Terms, clock: &Clock) {
        self.version = COMMITMENT_VERSION;
        self.epoch = args.epoch;
        self.kind = args.kind;
        self.root = args.root;
        self.depth = args.depth;
        self.leaf_count = args.leaf_count;
        self.total_bytes = args.total_bytes;
        self.manifest_hash = args.manifest_hash;
        self.sla_summary = args.sla_summary;
        self.committed_slot = clock.slot;
        self.committed_at = clock.unix_timestamp;
        self.seed_target_slot = clock.slot.saturating_add(terms.seed_delay_slots);
        // Nothing to sample without bytes (protocol 6.7).
        self.state = match args.total_bytes {
            0 => CommitmentState::Proven,
            _ => CommitmentState::Committed,
        };
        self.deadline = clock.unix_timestamp.saturating_add(terms.cosign_secs);
        self.closable_at = terms.closable_at;
    }
}

pub fn handle_commit_delivery<'info>(
    ctx: Context<'info, CommitDelivery<'info>>,
    args: CommitDeliveryArgs,
) -> Result<()> {
    let clock = Clock::get()?;
    let accounts = &*ctx.accounts;
    let terms = accounts.validate(&args, clock.unix_timestamp)?;
    let loader = accounts.create_commitment(&args, ctx.bumps.commitment)?;
    let record = MarketCpi::of(accounts).record_commitment(RecordCommitmentArgs {
        epoch: args.epoch,
        kind: args.kind,
        bytes: args.total_bytes,
    })?;
    let mut commitment = loader.load_init()?;
    commitment.write(&args, &terms, &clock);
    commitment.bump = ctx.bumps.commitment;
    commitment.contract = accounts.contract.key();
    commitment.rent_payer = accounts.payer.key();
    commitment.gross = record.gross;
    commitment.lock = record.lock;
    commitment.samples = commitment.sample_count();
    // To the log: an event by instruction would cost a third of this instruction, and the account says it all.
    emit!(DeliveryCommitted {
        commitment: accounts.commitment.key(),
        contract: commitment.contract,
        epoch: args.epoch,
        kind: args.kind,
        root: args.root,
        depth: args.depth,
        leaf_count: args.leaf_count,
        total_bytes: args.total_bytes,
        manifest_hash: args.manifest_hash,
        sla_summary: args.sla_summary,
        gross: record.gross,
        lock: record.lock,
        seed_target_slot: commitment.seed_target_slot,
        deadline: commitment.deadline,
        state: commitment.state,
    });
    drop(commitment);
    // Writes the discriminator.
    loader.exit(&crate::ID)
}
