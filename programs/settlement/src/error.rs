use anchor_lang::prelude::*;

/// One variant per cause, append-only: clients match the numbers. Errors of the other programs' types are
/// translated here: their numbers would be read as ours.
#[error_code]
pub enum SettlementError {
    #[msg("The signer is neither the owner nor a hot key with this permission")]
    NotAuthorized, // 6000
    #[msg("The participant is not the contract's seller")]
    NotContractSeller, // 6001
    #[msg("The participant is not the contract's content provider")]
    NotContentProvider, // 6002
    #[msg("The participant is not active")]
    ParticipantNotActive, // 6003
    #[msg("The kind of delivery is unknown")]
    KindUnknown, // 6004
    #[msg("The contract has no such epoch")]
    EpochOutOfRange, // 6005
    #[msg("The commit window of this epoch has not begun")]
    CommitTooEarly, // 6006
    #[msg("The commit window of this epoch has ended")]
    CommitTooLate, // 6007
    #[msg("The tree depth must be 1 to 20")]
    DepthOutOfRange, // 6008
    #[msg("A tree of this depth cannot hold so many leaves")]
    TooManyLeaves, // 6009
    #[msg("Without bytes the root must be the empty root, with none of the leaves, and bytes need leaves")]
    EmptyTreeInvalid, // 6010
    #[msg("A share of the summary exceeds one million parts per million")]
    SummaryInvalid, // 6011
    #[msg("All kinds of one epoch together exceed the contract's cap")]
    BytesAboveCap, // 6012
    #[msg("The commitment belongs to another contract")]
    WrongContract, // 6013
    #[msg("The commitment's state does not allow this")]
    CommitmentStateInvalid, // 6014
    #[msg("The time to co-sign has ended")]
    CosignTooLate, // 6015
    #[msg("The time to co-sign has not ended")]
    CosignWindowOpen, // 6016
    #[msg("The commit window of this epoch is still open")]
    CommitWindowOpen, // 6017
    #[msg("The account is not the one that paid the rent")]
    WrongRentPayer, // 6018
    #[msg("The token account is not the contract's vault")]
    WrongVault, // 6019
    #[msg("The mint is not the contract's mint")]
    WrongMint, // 6020
    #[msg("The account is not the payee")]
    WrongPayee, // 6021
    #[msg("An amount would overflow")]
    AmountOverflow, // 6022
    #[msg("The payee index does not exist")]
    PayeeIndexInvalid, // 6023
    #[msg("The time for challenges has not ended")]
    ChallengeWindowOpen, // 6024
    #[msg("Challenges are still open")]
    ChallengesOpen, // 6025
}
