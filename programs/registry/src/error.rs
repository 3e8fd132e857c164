use anchor_lang::prelude::*;

/// One variant per cause, append-only: clients match the numbers.
#[error_code]
pub enum RegistryError {
    #[msg("The signer is not the program's upgrade authority")]
    NotUpgradeAuthority, // 6000
    #[msg("The signer is not the board")]
    NotBoard, // 6001
    #[msg("The fee must not exceed 500 basis points")]
    FeeTooHigh, // 6002
    #[msg("A parameter is outside the range that protocol 6.15 allows")]
    ParamOutOfRange, // 6003
    #[msg("At least one allowed epoch length must be set")]
    NoEpochLength, // 6004
    #[msg("The settle window must cover the commit delay and the commit window")]
    SettleWindowTooShort, // 6005
    #[msg("Board, guardian and treasury must be set")]
    KeyMissing, // 6006
    #[msg("The mint is on the allow-list already")]
    MintAlreadyAllowed, // 6007
    #[msg("The allow-list holds at most four mints")]
    MintListFull, // 6008
    #[msg("The mint carries a Token-2022 extension that can move, freeze, tax or hide balances")]
    MintExtensionForbidden, // 6009
    #[msg("The mint is not on the allow-list")]
    MintNotAllowed, // 6010
    #[msg("Auditors are admitted by the board, not by registration")]
    AuditorNotAdmitted, // 6011
    #[msg("The payout key must be set")]
    PayoutMissing, // 6012
    #[msg("The signer does not own this participant")]
    NotOwner, // 6013
    #[msg("The hot key must be set and differ from the owner")]
    HotKeyInvalid, // 6014
    #[msg("The hot key's scope must name at least one known permission and no unknown one")]
    HotScopeInvalid, // 6015
    #[msg("The hot key must expire in the future and within 30 days")]
    HotExpiryInvalid, // 6016
    #[msg("The amount must be positive")]
    AmountZero, // 6017
    #[msg("The mint is not the participant's stake mint")]
    WrongStakeMint, // 6018
    #[msg("The free stake is smaller than the amount")]
    FreeStakeTooSmall, // 6019
    #[msg("All four unbonding slots are in use")]
    UnbondSlotsFull, // 6020
    #[msg("The unbonding slot does not exist or is empty")]
    UnbondSlotEmpty, // 6021
    #[msg("The unbonding period has not ended")]
    UnbondNotReady, // 6022
    #[msg("Only a seller may do this")]
    NotSeller, // 6023
    #[msg("The participant is not active")]
    ParticipantNotActive, // 6024
    #[msg("Nodes are numbered in order: the index must equal the participant's node count")]
    NodeIndexOutOfOrder, // 6025
    #[msg("The first endpoint needs an address and a port; a second one is whole or all zero")]
    EndpointInvalid, // 6026
    #[msg("The claimed rate must be positive in one direction and at most 100 Tbit/s in each")]
    RateOutOfRange, // 6027
    #[msg("The node does not belong to this participant")]
    NodeOfAnotherParticipant, // 6028
    #[msg("The node is not active")]
    NodeNotActive, // 6029
    #[msg("The node's committed rate would exceed what it claims")]
    NodeOvercommitted, // 6030
    #[msg("More capacity is released than was reserved")]
    ReleaseTooLarge, // 6031
    #[msg("Only the market program may call this")]
    NotMarket, // 6032
    #[msg("Only the settlement program may call this")]
    NotSettlement, // 6033
    #[msg("The locked stake is smaller than the amount")]
    LockedStakeTooSmall, // 6034
    #[msg("Contract nonces of a content provider must increase")]
    NonceNotIncreasing, // 6035
    #[msg("Only a content provider may buy")]
    NotContentProvider, // 6036
    #[msg("A counter would overflow or go below zero")]
    CounterOutOfRange, // 6037
    #[msg("An account would break one of its invariants")]
    InvariantBroken, // 6038
    #[msg("The participant is not jailed")]
    ParticipantNotJailed, // 6039
    #[msg(
        "A jailed participant may act again only thirty days after the first slash that counted"
    )]
    JailNotServed, // 6040
    #[msg("Something is queued already: apply or cancel it first")]
    QueueOccupied, // 6041
    #[msg("Nothing is queued")]
    NothingQueued, // 6042
    #[msg("The values are not those that were queued")]
    QueuedValueMismatch, // 6043
    #[msg("The time lock has not ended")]
    TimelockNotEnded, // 6044
    #[msg("The signer is neither the board nor the guardian")]
    NotBoardOrGuardian, // 6045
    #[msg("A pause must name at least one known bit and no unknown one")]
    PauseBitsInvalid, // 6046
    #[msg("A pause must end in the future and within seven days")]
    PauseUntilInvalid, // 6047
    #[msg("A pause is in force")]
    PauseInForce, // 6048
    #[msg("After a pause none may begin for as long as it lasted")]
    PauseCoolingDown, // 6049
    #[msg("Nothing is paused")]
    NotPaused, // 6050
    #[msg("The node's committed rate would exceed what an unexpired bandwidth proof measured")]
    VerifiedRateExceeded, // 6051
    #[msg("The account has a layout version that this program does not know")]
    AccountVersionUnknown, // 6052
    #[msg("The capacity class does not allow this role")]
    ClassRoleForbidden, // 6053
    #[msg("A rate is above what the capacity class can carry in that direction")]
    ClassRateTooHigh, // 6054
    #[msg("A one-way capacity class needs a carousel")]
    CarouselMissing, // 6055
    #[msg("The capacity class needs a footprint")]
    FootprintMissing, // 6056
    #[msg("The capacity class needs the consent of who pays by volume")]
    MeteredConsentMissing, // 6057
    #[msg("A one-way node carries no contract of addressed deliveries")]
    ClassNotUnicast, // 6058
    #[msg("The bandwidth proof flags have an unknown bit")]
    BandwidthFlagsInvalid, // 6059
    #[msg("A node cannot claim less than contracts hold on it")]
    RateBelowCommitted, // 6060
    #[msg("Contracts hold capacity on the node")]
    NodeCommitted, // 6061
    #[msg("The node must be deactivated first")]
    NodeActive, // 6062
    #[msg("The proof does not show this footprint under the node's root")]
    FootprintProofInvalid, // 6063
    #[msg("The participant has running contracts")]
    ContractsRunning, // 6064
    #[msg("The participant has stake that is locked, free or unbonding")]
    StakeRemains, // 6065
    #[msg(
        "The participant has nodes that must be deactivated before exit and closed before closing"
    )]
    NodesRemain, // 6066
    #[msg("The participant has not exited")]
    ParticipantNotExiting, // 6067
    #[msg("The participant is not an auditor")]
    NotAuditor, // 6068
    #[msg("The auditor is admitted already")]
    AuditorAlreadyAdmitted, // 6069
    #[msg("The auditor's stake is below the minimum")]
    AuditorStakeTooSmall, // 6070
    #[msg("The signer is neither the owner nor a hot key with this permission")]
    NotAuthorized, // 6071
    #[msg("The bond that arrived is below the minimum")]
    BondTooSmall, // 6072
    #[msg("A BEACON states a positive downlink rate")]
    BeaconRateZero, // 6073
    #[msg("The signer does not own this BEACON")]
    NotBeaconOwner, // 6074
    #[msg("The BEACON is not active")]
    BeaconNotActive, // 6075
    #[msg("The BEACON has not exited")]
    BeaconNotExiting, // 6076
    #[msg("The bond's unbonding period has not ended")]
    BondNotReady, // 6077
    #[msg("The mint is not that of the BEACON's bond")]
    WrongBondMint, // 6078
    #[msg("The BEACON at the last place and its page must be given exactly when another place is freed")]
    MovedBeaconWrong, // 6079
    #[msg("An auditor does not tag its own BEACON")]
    OwnBeacon, // 6080
    #[msg("A pool has 2 to 8 different members, each with a share")]
    PoolMemberInvalid, // 6081
    #[msg("The shares of a pool add up to exactly 10,000 basis points")]
    PoolSharesSumWrong, // 6082
    #[msg("The signer's participant did not create this pool")]
    NotPoolCreator, // 6083
    #[msg("The participant is no member of this pool")]
    NotPoolMember, // 6084
    #[msg("The shares of the pool have changed since they were read")]
    PoolRevisionWrong, // 6085
    #[msg("The member has accepted these shares already")]
    PoolConsentGiven, // 6086
    #[msg("The terms need a network number, a hash, a share of at most 10,000 basis points and known classes")]
    TermsInvalid, // 6087
    #[msg("The node does not stand in the network of these terms")]
    NodeOutsideNetwork, // 6088
    #[msg("The node's class or rate is outside these terms")]
    NodeOutsideTerms, // 6089
    #[msg("The terms or the consent belong to another operator")]
    TermsOfAnotherOperator, // 6090
    #[msg("The node has had its licence; there is one per node and never a second")]
    LicenceExists, // 6091
    #[msg("The licence's URI has at most 200 bytes, all of them printable ASCII")]
    LicenceUriInvalid, // 6092
    #[msg("The node stands: its licence is retired once it is closed")]
    NodeNotClosed, // 6093
}
