use anchor_lang::prelude::*;
use protocol_core::CoreError;

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
    #[msg("The slot of the seed has not been produced yet: wait")]
    SeedNotReached, // 6026
    #[msg("The slot of the seed is no longer known: rearm the seed")]
    SeedMissed, // 6027
    #[msg("The slot of the seed is still to come or still known: seed the commitment")]
    SeedNotMissed, // 6028
    #[msg("The seed has been rearmed three times: the commitment can only expire or be co-signed")]
    RearmsExhausted, // 6029
    #[msg("Co-signed deliveries are not sampled or challenged")]
    KindNotSampled, // 6030
    #[msg("The commitment has no sample of this index")]
    SampleIndexInvalid, // 6031
    #[msg("The leaf is not the one of the committed tree that covers the target")]
    InclusionInvalid, // 6032
    #[msg("The leaf is not proved to be included: prove that first")]
    InclusionMissing, // 6033
    #[msg("The leaf is not the one that was proved to be included")]
    LeafMismatch, // 6034
    #[msg("The instruction before must be the Ed25519 program's, with token and receipt in the one layout")]
    SignatureInstructionInvalid, // 6035
    #[msg(
        "Evidence is taken only from a transaction's own instruction, not from a program's call"
    )]
    CallNotDirect, // 6036
    #[msg("The node does not belong to the contract's seller")]
    NodeOfAnotherSeller, // 6037
    #[msg("Token or receipt is not in its encoding")]
    MessageInvalid, // 6038
    #[msg("The token is not signed by the issuer in force in this epoch")]
    IssuerKeyWrong, // 6039
    #[msg("The token is of another contract")]
    TokenContractWrong, // 6040
    #[msg("The token is of another cluster")]
    TokenClusterWrong, // 6041
    #[msg("The token is of another epoch")]
    TokenEpochWrong, // 6042
    #[msg("The token is for another node")]
    TokenNodeWrong, // 6043
    #[msg("The token is for another kind of delivery")]
    TokenKindWrong, // 6044
    #[msg("The token is valid longer than its epoch allows")]
    TokenTimesWrong, // 6045
    #[msg("The token allows more bytes than the parameters do")]
    TokenTooLarge, // 6046
    #[msg("The receipt is not signed by the token's client")]
    ClientKeyWrong, // 6047
    #[msg("The receipt is for another token")]
    ReceiptTokenWrong, // 6048
    #[msg("The receipt acknowledges more than the token allows")]
    ReceiptTooLarge, // 6049
    #[msg("The receipt's last byte lies outside the token's time")]
    ReceiptTimeWrong, // 6050
    #[msg("The leaf is of another token")]
    LeafTokenWrong, // 6051
    #[msg("The leaf's bytes are not those of the receipt")]
    LeafBytesWrong, // 6052
    #[msg("The leaf's objects are not those of the receipt")]
    LeafObjectsWrong, // 6053
    #[msg("The leaf names another receipt")]
    LeafReceiptWrong, // 6054
    #[msg("The target must be below the commitment's bytes")]
    TargetOutOfRange, // 6055
    #[msg("The time for challenges has ended")]
    ChallengeWindowClosed, // 6056
    #[msg("Sixteen challenges are open: wait until one ends")]
    TooManyChallenges, // 6057
    #[msg("A challenge needs a token account that pays its bond")]
    BondAccountMissing, // 6058
    #[msg("The challenge is of another commitment")]
    WrongCommitment, // 6059
    #[msg("The challenge's state does not allow this")]
    ChallengeStateInvalid, // 6060
    #[msg("The time to answer the challenge has ended")]
    ResponseTooLate, // 6061
    #[msg("The time to answer the challenge has not ended")]
    ResponseNotDue, // 6062
    #[msg("The time for proofs has not ended, or none is missing")]
    ProofsNotDue, // 6063
    #[msg("The challenge can still be answered or lost")]
    ChallengeNotOver, // 6064
    #[msg("The account does not belong to who is paid")]
    WrongBeneficiary, // 6065
    #[msg("Only an admitted auditor may report")]
    NotAuditor, // 6066
    #[msg("The time for reports has ended")]
    ReportWindowClosed, // 6067
    #[msg("Sixteen auditors have reported")]
    TooManyReports, // 6068
    #[msg("All reports on the commitment are needed, each once")]
    ReportsIncomplete, // 6069
    #[msg("Fewer auditors have reported than the contract asks for")]
    QuorumMissing, // 6070
    #[msg("A quorum of auditors has reported: resolve the reports first")]
    ReportsUnresolved, // 6071
    #[msg("The report is of another commitment")]
    WrongReport, // 6072
    #[msg("The delay of a reward pool must be 24 hours to 30 days")]
    RewardDelayOutOfRange, // 6073
    #[msg("The bond of a reward pool must be above 0")]
    RewardBondZero, // 6074
    #[msg("The mint is not one that the marketplace allows")]
    RewardMintNotAllowed, // 6075
    #[msg("Only the owner of the pool's creator may do this")]
    NotRewardCreator, // 6076
    #[msg("The account is not the pool's aggregator")]
    NotRewardAggregator, // 6077
    #[msg("A root is pending: it must be activated, vetoed or cancelled first")]
    RewardRootPending, // 6078
    #[msg("No root is pending")]
    RewardRootMissing, // 6079
    #[msg("The time for vetoes has not ended")]
    RewardRootNotDue, // 6080
    #[msg("A root must have 1 to 1,048,576 members")]
    RewardCountOutOfRange, // 6081
    #[msg("A root must not have fewer members than the active one")]
    RewardCountDecreased, // 6082
    #[msg("A root's total must not be below the active one's")]
    RewardTotalDecreased, // 6083
    #[msg("The vault does not cover the root's total: fund the pool first")]
    RewardVaultShort, // 6084
    #[msg("The entry is not in the root at this index")]
    RewardProofInvalid, // 6085
    #[msg("The index belongs to another owner, for ever")]
    RewardOwnerWrong, // 6086
    #[msg("The entry keeps its owner and has not decreased")]
    RewardNotDecreased, // 6087
    #[msg("The member has been paid all that it has earned")]
    RewardNothingDue, // 6088
    #[msg("The members' amounts exceed the total of their root")]
    RewardTotalExceeded, // 6089
    #[msg("Only what exceeds the members' money and the bond can be taken back")]
    RewardExcessTooSmall, // 6090
    #[msg("Members still have money to claim")]
    RewardUnpaid, // 6091
    #[msg("The pool is retired: it takes no money, roots or members")]
    RewardPoolOver, // 6092
    #[msg("The pool must be retired first")]
    RewardPoolLive, // 6093
    #[msg("All statuses of the pool must be closed first")]
    RewardStatusesOpen, // 6094
    #[msg("The vault must be emptied first")]
    RewardVaultNotEmpty, // 6095
    #[msg("The status is of another pool")]
    WrongRewardPool, // 6096
    #[msg("The amount must be above 0")]
    RewardAmountZero, // 6097
    #[msg("The challenge pays its beneficiary: its contract and vault are needed")]
    ChallengePays, // 6098
}

impl SettlementError {
    /// The rule of `protocol-core` that evidence breaks, under this program's number.
    pub fn of_evidence(error: CoreError) -> Self {
        match error {
            CoreError::IssuerKeyWrong => Self::IssuerKeyWrong,
            CoreError::TokenContractWrong => Self::TokenContractWrong,
            CoreError::TokenClusterWrong => Self::TokenClusterWrong,
            CoreError::TokenEpochWrong => Self::TokenEpochWrong,
            CoreError::TokenNodeWrong => Self::TokenNodeWrong,
            CoreError::TokenKindWrong => Self::TokenKindWrong,
            CoreError::TokenTimesWrong => Self::TokenTimesWrong,
            CoreError::TokenTooLarge => Self::TokenTooLarge,
            CoreError::ClientKeyWrong => Self::ClientKeyWrong,
            CoreError::ReceiptTokenWrong => Self::ReceiptTokenWrong,
            CoreError::ReceiptTooLarge => Self::ReceiptTooLarge,
            CoreError::ReceiptTimeWrong => Self::ReceiptTimeWrong,
            CoreError::LeafTokenWrong => Self::LeafTokenWrong,
            CoreError::LeafBytesWrong => Self::LeafBytesWrong,
            CoreError::LeafObjectsWrong => Self::LeafObjectsWrong,
            CoreError::LeafReceiptWrong => Self::LeafReceiptWrong,
            _ => Self::MessageInvalid,
        }
    }
}
