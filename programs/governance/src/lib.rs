//! Boards of industry participants: seats, proposals, votes and a time lock (security 4.8). A board's
//! vault signs what the board has decided, so it can hold any power that a key can hold: the
//! registry's `Config.board`, a treasury, a program's upgrade authority.

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
mod proposal_accounts;
pub mod state;

use anchor_lang::prelude::*;

pub use constants::*;
pub use error::GovernanceError;
pub use events::*;
pub use instructions::*;
pub use state::*;

// The development key's address (see Anchor.toml); a production build states its own.
declare_id!("9zUHmSxMgpZeHASRn1xFms3DRAw24CTKXidR5NVkY7h1");

#[program]
pub mod governance {
    use super::*;

    /// Creates a board with its first seats. It has no power until someone gives its vault one.
    ///
    /// Signer: payer, creator.
    /// Errors: SeatCountInvalid, SeatMemberMissing, SeatDuplicate, SeatWeightZero, ThresholdInvalid,
    /// TimelockOutOfRange, VotingPeriodOutOfRange.
    /// Event: BoardCreated.
    pub fn create_board(ctx: Context<CreateBoard>, args: CreateBoardArgs) -> Result<()> {
        handle_create_board(ctx, args)
    }

    /// Replaces seats and rules; proposals made before are void.
    ///
    /// Signer: the board's vault, by an executed proposal.
    /// Errors: NotVault and those of create_board; CounterOutOfRange.
    /// Event: BoardUpdated.
    pub fn update_board(ctx: Context<UpdateBoard>, rules: BoardRules) -> Result<()> {
        handle_update_board(ctx, rules)
    }

    /// Begins a proposal as a draft without instructions.
    ///
    /// Signer: payer, proposer (who holds a seat).
    /// Errors: NotSeatHolder, ProposalNumberOutOfOrder.
    /// Event: ProposalCreated.
    pub fn create_proposal(ctx: Context<CreateProposal>, args: CreateProposalArgs) -> Result<()> {
        handle_create_proposal(ctx, args)
    }

    /// Adds the next instruction to a draft, with as much of its data as fits.
    ///
    /// Signer: rent_payer, proposer.
    /// Errors: NotProposer, WrongRentPayer, ProposalNotDraft, TooManyInstructions,
    /// InstructionOutOfOrder, TooManyAccounts, DataTooLong, DataOutOfOrder.
    /// Event: InstructionAdded.
    pub fn add_instruction(ctx: Context<AddInstruction>, args: AddInstructionArgs) -> Result<()> {
        handle_add_instruction(ctx, args)
    }

    /// Writes the next bytes of an instruction's data.
    ///
    /// Signer: proposer.
    /// Errors: NotProposer, InstructionMismatch, ProposalNotDraft, DataOutOfOrder.
    /// Event: InstructionDataAppended.
    pub fn append_instruction_data(
        ctx: Context<AppendInstructionData>,
        args: AppendInstructionDataArgs,
    ) -> Result<()> {
        handle_append_instruction_data(ctx, args)
    }

    /// Puts a complete draft to the vote; nothing of it can be changed from here on.
    ///
    /// Signer: proposer.
    /// Errors: ProposalOfAnotherBoard, NotProposer, ProposalNotDraft, SeatsChanged, NoInstruction,
    /// DataIncomplete.
    /// Event: VotingOpened.
    pub fn open_voting(ctx: Context<OpenVoting>) -> Result<()> {
        handle_open_voting(ctx)
    }

    /// Votes for, against or (to take a vote back) neither. At the threshold the proposal is queued or
    /// rejected; a queued one can still be rejected.
    ///
    /// Signer: a seat's member.
    /// Errors: ProposalOfAnotherBoard, NotSeatHolder, SeatsChanged, ProposalNotOpen, VotingOver,
    /// OnlyAgainstWhileQueued, VoteUnchanged.
    /// Event: VoteCast; ProposalQueued or ProposalRejected where it decides.
    pub fn cast_vote(ctx: Context<CastVote>, ballot: Ballot) -> Result<()> {
        handle_cast_vote(ctx, ballot)
    }

    /// Takes back a proposal that is not decided yet.
    ///
    /// Signer: proposer.
    /// Errors: NotProposer, ProposalDecided.
    /// Event: ProposalCancelled.
    pub fn cancel_proposal(ctx: Context<CancelProposal>) -> Result<()> {
        handle_cancel_proposal(ctx)
    }

    /// Runs a queued proposal's instructions, signed by the board's vault: all or none, once.
    ///
    /// Signer: none, but for keys that an instruction names as signers.
    /// Errors: ProposalOfAnotherBoard, ProposalNotQueued, SeatsChanged, TimelockNotEnded,
    /// ExecutionWindowOver, InstructionMismatch, AccountMismatch; whatever a called program refuses.
    /// Event: ProposalExecuted.
    pub fn execute_proposal<'info>(ctx: Context<'info, ExecuteProposal<'info>>) -> Result<()> {
        handle_execute_proposal(ctx)
    }

    /// Closes a proposal of which nothing can come any more; the rent returns to who paid it.
    ///
    /// Signer: none.
    /// Errors: ProposalOfAnotherBoard, WrongRentPayer, ProposalStillOpen, InstructionMismatch,
    /// AccountMismatch.
    /// Event: ProposalClosed.
    pub fn close_proposal<'info>(ctx: Context<'info, CloseProposal<'info>>) -> Result<()> {
        handle_close_proposal(ctx)
    }
}
