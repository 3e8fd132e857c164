use anchor_lang::prelude::*;

/// One variant per cause, append-only: clients match the numbers.
#[error_code]
pub enum MarketError {
    #[msg("The signer does not own this participant")]
    NotOwner, // 6000
    #[msg("Only a seller may do this")]
    NotSeller, // 6001
    #[msg("The participant is not active")]
    ParticipantNotActive, // 6002
    #[msg("The node does not belong to this participant")]
    NodeOfAnotherParticipant, // 6003
    #[msg("The node is not active")]
    NodeNotActive, // 6004
    #[msg("The footprint is not in its canonical form")]
    FootprintNotCanonical, // 6005
    #[msg("The rate must be positive and at most what the node claims in that direction")]
    ClaimExceedsNode, // 6006
    #[msg("The claim must end after it begins and in the future")]
    ValidityInvalid, // 6007
    #[msg("The claim does not belong to this participant")]
    ClaimOfAnotherParticipant, // 6008
    #[msg("The claim is not active")]
    ClaimNotActive, // 6009
    #[msg("Contracts still hold a share of this claim")]
    ClaimInUse, // 6010
    #[msg("One to four accounts of claims are needed, each with its node where capacity moves")]
    ClaimCountInvalid, // 6011
    #[msg("A remaining account is not the claim that is expected in its place")]
    ClaimMismatch, // 6012
    #[msg("A remaining account is not the node of the claim before it")]
    NodeMismatch, // 6013
    #[msg("A claim is named twice")]
    ClaimDuplicate, // 6014
    #[msg("Only claims of egress can be sold")]
    ClaimNotEgress, // 6015
    #[msg("A price is below the floor of a claim")]
    PriceBelowFloor, // 6016
    #[msg("The rates must satisfy 0 < minimum <= maximum <= total")]
    RateRangeInvalid, // 6017
    #[msg("The offer exceeds the sum of its claims")]
    OfferExceedsClaims, // 6018
    #[msg("The epoch length is not among those that the parameters allow")]
    EpochLengthNotAllowed, // 6019
    #[msg("The least number of epochs must be positive and within the contract limit")]
    EpochCountInvalid, // 6020
    #[msg("The SLA names an unknown metric or more than 10000 basis points")]
    SlaInvalid, // 6021
    #[msg("One to eight splits must add up to exactly 10000 basis points")]
    SplitsInvalid, // 6022
    #[msg("Each split needs a payee")]
    PayeeMissing, // 6023
    #[msg("The offer has expired")]
    OfferExpired, // 6024
    #[msg("The offer does not belong to this participant")]
    OfferOfAnotherParticipant, // 6025
    #[msg("The offer is not open")]
    OfferNotOpen, // 6026
    #[msg("The committed rate is outside the offer's range")]
    CommittedRateOutOfRange, // 6027
    #[msg("The offer has less capacity left than the contract wants")]
    OfferExhausted, // 6028
    #[msg("The cap must be at least the committed rate and at most 100 Tbit/s")]
    CapInvalid, // 6029
    #[msg("The contract must begin in the future and within 30 days")]
    GenesisInvalid, // 6030
    #[msg("The issuer key must be set")]
    IssuerMissing, // 6031
    #[msg("The claim shares must add up to the committed rate")]
    SharesMismatch, // 6032
    #[msg("A claim does not cover the whole time of the contract")]
    ClaimNotValidThroughout, // 6033
    #[msg("A claim has less capacity left than its share")]
    ClaimExhausted, // 6034
    #[msg("The mint is not the contract's mint")]
    WrongMint, // 6035
    #[msg("The token account is not the contract's vault")]
    WrongVault, // 6036
    #[msg("The amount must be positive")]
    AmountZero, // 6037
    #[msg("The contract's state does not allow this")]
    ContractStateInvalid, // 6038
    #[msg("The contract's time is over")]
    ContractOver, // 6039
    #[msg("The amount exceeds what the vault holds beyond the reserve and what is owed")]
    ExcessTooSmall, // 6040
    #[msg("The participant is not the contract's content provider")]
    NotContentProvider, // 6041
    #[msg("The participant is not the contract's seller")]
    NotContractSeller, // 6042
    #[msg("The offer is not the one of this contract")]
    WrongOffer, // 6043
    #[msg("Only a side of the contract may cancel it before its time is over")]
    NotContractSide, // 6044
    #[msg("The issuer slot does not exist")]
    IssuerSlotInvalid, // 6045
    #[msg("The issuer slot is in force: rotate the other one")]
    IssuerInForce, // 6046
    #[msg("An issuer must begin in a later epoch than the present one and than any named before")]
    IssuerEpochInvalid, // 6047
    #[msg("The contract's last epoch has not ended")]
    ContractNotOver, // 6048
    #[msg("The settle window has not ended")]
    SettleWindowOpen, // 6049
    #[msg("Delivery commitments are still open")]
    CommitmentsOpen, // 6050
    #[msg("There is nothing to pay")]
    NothingToPay, // 6051
    #[msg("Amounts are still owed")]
    AmountsOwed, // 6052
    #[msg("The vault is not empty")]
    VaultNotEmpty, // 6053
    #[msg("The account is not the one that paid the rent")]
    WrongRentPayer, // 6054
    #[msg("Only the settlement program may call this")]
    NotSettlement, // 6055
    #[msg("The kind of delivery is unknown")]
    KindUnknown, // 6056
    #[msg("More bytes than the contract's cap can carry in one epoch")]
    BytesAboveCap, // 6057
    #[msg("The gross does not fit the open gross")]
    OpenGrossTooSmall, // 6058
    #[msg("The penalty exceeds the contract's maximum")]
    PenaltyTooHigh, // 6059
    #[msg("The payee index does not exist")]
    PayeeIndexInvalid, // 6060
    #[msg("The account is not the payee")]
    WrongPayee, // 6061
    #[msg("An amount would overflow")]
    AmountOverflow, // 6062
    #[msg("The vault would hold less than what is owed and open")]
    VaultTooSmall, // 6063
    #[msg("The history of settlements is full")]
    HistoryFull, // 6064
    #[msg("An account would break one of its invariants")]
    InvariantBroken, // 6065
    #[msg(
        "The contract's free bond is smaller than the amount: its seller has to bond more stake"
    )]
    BondTooSmall, // 6066
    #[msg("Deliveries of a later epoch are committed already: epochs come in order")]
    EpochOutOfOrder, // 6067
    #[msg("This kind of this epoch is committed already")]
    EpochCommitted, // 6068
    #[msg("The contract still holds bond: release it first")]
    BondNotReleased, // 6069
    #[msg("Only the seller's owner may release the bond of a contract that is not over")]
    NotBondOwner, // 6070
    #[msg("A slash is not collected: collect it first")]
    SlashPending, // 6071
}
