use anchor_lang::prelude::*;

/// One variant per cause, append-only: clients match the numbers.
#[error_code]
pub enum GovernanceError {
    #[msg("A board has one to sixteen seats")]
    SeatCountInvalid, // 6000
    #[msg("Each seat needs a member")]
    SeatMemberMissing, // 6001
    #[msg("A member holds more than one seat")]
    SeatDuplicate, // 6002
    #[msg("Each seat needs a weight of at least one")]
    SeatWeightZero, // 6003
    #[msg("The threshold must be more than half of all weights and at most all of them")]
    ThresholdInvalid, // 6004
    #[msg("The time lock must be from 72 hours to 90 days")]
    TimelockOutOfRange, // 6005
    #[msg("The voting period must be from one to 30 days")]
    VotingPeriodOutOfRange, // 6006
    #[msg("Only the board's vault, by an executed proposal, may do this")]
    NotVault, // 6007
    #[msg("The signer holds no seat of the board")]
    NotSeatHolder, // 6008
    #[msg("Proposals are numbered in order: the number must equal the board's proposal count")]
    ProposalNumberOutOfOrder, // 6009
    #[msg("The signer is not the proposer")]
    NotProposer, // 6010
    #[msg("The proposal does not belong to this board")]
    ProposalOfAnotherBoard, // 6011
    #[msg("The proposal is no draft any more")]
    ProposalNotDraft, // 6012
    #[msg("A proposal has at most four instructions")]
    TooManyInstructions, // 6013
    #[msg("A proposal needs at least one instruction")]
    NoInstruction, // 6014
    #[msg("Instructions are numbered in order: the index must equal the proposal's count")]
    InstructionOutOfOrder, // 6015
    #[msg("An instruction names at most sixteen accounts")]
    TooManyAccounts, // 6016
    #[msg("An instruction's data is at most 1024 bytes")]
    DataTooLong, // 6017
    #[msg("The bytes do not begin where those written before end, or go beyond the stated length")]
    DataOutOfOrder, // 6018
    #[msg("Bytes of an instruction's data are still missing")]
    DataIncomplete, // 6019
    #[msg("The instruction account is not the one expected in its place")]
    InstructionMismatch, // 6020
    #[msg("The proposal takes no votes")]
    ProposalNotOpen, // 6021
    #[msg("The voting period has ended")]
    VotingOver, // 6022
    #[msg("The board's seats or rules have changed since the proposal was made")]
    SeatsChanged, // 6023
    #[msg("The seat has voted so already")]
    VoteUnchanged, // 6024
    #[msg("A queued proposal takes votes against it only")]
    OnlyAgainstWhileQueued, // 6025
    #[msg("The proposal is decided: its proposer can no longer cancel it")]
    ProposalDecided, // 6026
    #[msg("The proposal is not queued for execution")]
    ProposalNotQueued, // 6027
    #[msg("The time lock has not ended")]
    TimelockNotEnded, // 6028
    #[msg("The proposal was not executed in its time")]
    ExecutionWindowOver, // 6029
    #[msg("The accounts given are not those that the proposal names, in its order")]
    AccountMismatch, // 6030
    #[msg("The proposal can still be voted on or executed")]
    ProposalStillOpen, // 6031
    #[msg("The account is not the one that paid the rent")]
    WrongRentPayer, // 6032
    #[msg("A counter would overflow")]
    CounterOutOfRange, // 6033
    #[msg("An account would break one of its invariants")]
    InvariantBroken, // 6034
}
