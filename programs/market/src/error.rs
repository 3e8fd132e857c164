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
    #[msg("New contracts are paused")]
    NewContractsPaused, // 6072
    #[msg("At least one known method of delivery must be named: 1 unicast, 2 multicast")]
    DeliveryMethodsInvalid, // 6073
    #[msg("A claim cannot deliver by a method that is asked for")]
    MethodNotClaimed, // 6074
    #[msg("A kind of delivery is priced whose method is not offered")]
    PriceWithoutMethod, // 6075
    #[msg("A lot needs three or more whole units, of which it buys and bids are made")]
    LotSizeInvalid, // 6076
    #[msg("Commit, reveal and award must follow one another, each at least an epoch long")]
    LotTimesInvalid, // 6077
    #[msg("The cap must be from 10000 to 100000 basis points of what is awarded")]
    CapShareInvalid, // 6078
    #[msg("The mint is not on the allow-list")]
    MintNotAllowed, // 6079
    #[msg("The price must be positive")]
    PriceZero, // 6080
    #[msg("The time for this has not come or is over")]
    LotPhaseWrong, // 6081
    #[msg("The lot holds as many bids as it can rank")]
    LotFull, // 6082
    #[msg("The seller is not paid in the lot's mint")]
    BidderMintWrong, // 6083
    #[msg("The bid belongs to another lot or bidder")]
    WrongBid, // 6084
    #[msg("The bid has been revealed already")]
    BidRevealed, // 6085
    #[msg("The price, quantity and salt are not those that were committed")]
    CommitmentMismatch, // 6086
    #[msg("The bid's price is zero or above the reserve price")]
    BidPriceInvalid, // 6087
    #[msg("The bid must be of whole units and at most a third of the lot's")]
    BidQuantityInvalid, // 6088
    #[msg("A claim does not cover the footprint that is asked for")]
    FootprintNotCovered, // 6089
    #[msg("The lot has been cleared already")]
    LotCleared, // 6090
    #[msg("The lot has not been cleared")]
    LotNotCleared, // 6091
    #[msg("The bid won nothing, or its contract exists already")]
    NothingAwarded, // 6092
    #[msg("The bid's deposit is still bound")]
    DepositBound, // 6093
    #[msg("The account does not belong to whom the tokens are due")]
    WrongRecipient, // 6094
    #[msg("Bids still have a deposit in the vault")]
    BidsOpen, // 6095
    #[msg("A bounty pays one to 32 sellers")]
    BountyCountInvalid, // 6096
    #[msg("The bounty must end in the future, after the time for which capacity is to be held")]
    BountyTimesInvalid, // 6097
    #[msg("The rate must be positive and at most 100 Tbit/s")]
    RateOutOfRange, // 6098
    #[msg("The bounty is over")]
    BountyOver, // 6099
    #[msg("The bounty still runs")]
    BountyRunning, // 6100
    #[msg("The bounty's content provider must not pay itself")]
    SelfDealing, // 6101
    #[msg("This seller has been paid by the bounty already")]
    BountyPaidAlready, // 6102
    #[msg("The claim is smaller than the bounty asks for")]
    ClaimTooSmall, // 6103
    #[msg("The claim has not been held for as long as the bounty asks for")]
    ClaimTooYoung, // 6104
    #[msg("The capacity has not been measured, or the bandwidth proof has expired")]
    CapacityNotVerified, // 6105
    #[msg("The bounty asks for an active contract of its content provider on the claim")]
    ContractMissing, // 6106
    #[msg("The footprint, method and mint are not those of the price history")]
    WrongPriceHistory, // 6107
    #[msg("The notice must be of 24 epochs at least")]
    NoticeTooShort, // 6108
    #[msg("The contract ends no later by itself")]
    TerminationTooLate, // 6109
    #[msg("New auctions are paused for now")]
    AuctionsPaused, // 6110
    #[msg("The account is not a contract of the first cut")]
    ContractNotFirstCut, // 6111
}
