//! Participants, nodes, stake and the marketplace's configuration (protocol 6.3, 6.11, 6.15).

pub mod constants;
pub mod error;
pub mod events;
pub mod governance_events;
pub mod instructions;
mod licence_token;
pub mod state;

use anchor_lang::prelude::*;

pub use constants::*;
pub use error::RegistryError;
pub use events::*;
pub use governance_events::*;
pub use instructions::*;
pub use state::*;

// The development key's address (see Anchor.toml); a production build states its own.
declare_id!("EXF64FKzw4nMSuuAZVrzg2SZNyUwJroWycSGXYE7F4Sc");

#[program]
pub mod registry {
    use super::*;

    /// Creates the one configuration. Whoever could deploy the program decides its board.
    ///
    /// Signer: payer, the program's upgrade authority.
    /// Errors: NotUpgradeAuthority, KeyMissing, FeeTooHigh, NoEpochLength, ParamOutOfRange,
    /// SettleWindowTooShort.
    /// Event: ConfigInitialized.
    pub fn initialize_config(
        ctx: Context<InitializeConfig>,
        args: InitializeConfigArgs,
    ) -> Result<()> {
        handle_initialize_config(ctx, args)
    }

    /// Puts a mint on the allow-list if none of its extensions can move, tax, hide or freeze tokens.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, MintExtensionForbidden, MintAlreadyAllowed, MintListFull.
    /// Event: MintAllowed.
    pub fn allow_mint(ctx: Context<AllowMint>) -> Result<()> {
        handle_allow_mint(ctx)
    }

    /// Creates the token account that holds all stake of one allowed mint.
    ///
    /// Signer: payer (anyone).
    /// Errors: MintNotAllowed.
    /// Event: StakeVaultCreated.
    pub fn create_stake_vault(ctx: Context<CreateStakeVault>) -> Result<()> {
        handle_create_stake_vault(ctx)
    }

    /// Registers the owner as content provider, seller or auditor, with one mint for its stake. The board admits auditors.
    ///
    /// Signer: payer, owner.
    /// Errors: MintNotAllowed, PayoutMissing, AccountVersionUnknown.
    /// Event: ParticipantRegistered.
    pub fn register_participant(
        ctx: Context<RegisterParticipant>,
        args: RegisterParticipantArgs,
    ) -> Result<()> {
        handle_register_participant(ctx, args)
    }

    /// Names a hot key for routine actions, for at most 30 days; the default key removes it.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, HotKeyInvalid, HotScopeInvalid, HotExpiryInvalid.
    /// Event: HotKeySet.
    pub fn set_hot_key(ctx: Context<SetHotKey>, args: SetHotKeyArgs) -> Result<()> {
        handle_set_hot_key(ctx, args)
    }

    /// Moves tokens of the owner into the stake vault; credits what has arrived.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, WrongStakeMint, AmountZero.
    /// Event: StakeDeposited.
    pub fn deposit_stake(ctx: Context<DepositStake>, amount: u64) -> Result<()> {
        handle_deposit_stake(ctx, amount)
    }

    /// Starts the unbonding of free stake.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, AmountZero, FreeStakeTooSmall, UnbondSlotsFull.
    /// Event: UnbondRequested.
    pub fn request_unbond(ctx: Context<RequestUnbond>, amount: u64) -> Result<()> {
        handle_request_unbond(ctx, amount)
    }

    /// Returns an unbonding amount to the free stake.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, UnbondSlotEmpty.
    /// Event: UnbondCancelled.
    pub fn cancel_unbond(ctx: Context<CancelUnbond>, slot: u8) -> Result<()> {
        handle_cancel_unbond(ctx, slot)
    }

    /// Pays out an unbonding amount whose period has ended.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, WrongStakeMint, UnbondSlotEmpty, UnbondNotReady.
    /// Event: StakeWithdrawn.
    pub fn withdraw_unbonded(ctx: Context<WithdrawUnbonded>, slot: u8) -> Result<()> {
        handle_withdraw_unbonded(ctx, slot)
    }

    /// Registers the seller's next node with its role, endpoints and claimed rates.
    ///
    /// Signer: payer, owner.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, NodeIndexOutOfOrder, EndpointInvalid,
    /// RateOutOfRange, ClassRoleForbidden, ClassRateTooHigh, CarouselMissing, FootprintMissing,
    /// MeteredConsentMissing.
    /// Event: NodeRegistered.
    pub fn register_node(ctx: Context<RegisterNode>, args: RegisterNodeArgs) -> Result<()> {
        handle_register_node(ctx, args)
    }

    /// Moves a node: new endpoints are unproven until they prove themselves.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, EndpointInvalid.
    /// Event: NodeUpdated.
    pub fn update_node_endpoints(
        ctx: Context<UpdateNodeEndpoints>,
        args: UpdateNodeEndpointsArgs,
    ) -> Result<()> {
        handle_update_node_endpoints(ctx, args)
    }

    /// Binds a contract's share to a node. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, AmountZero, NodeNotActive, ClassNotUnicast, NodeOvercommitted,
    /// VerifiedRateExceeded.
    /// Event: NodeCapacityReserved.
    pub fn reserve_node_capacity(
        ctx: Context<ReserveNodeCapacity>,
        kilobits_per_second: u64,
        verified_only: bool,
    ) -> Result<()> {
        handle_reserve_node_capacity(ctx, kilobits_per_second, verified_only)
    }

    /// Frees a contract's share of a node. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, ReleaseTooLarge.
    /// Event: NodeCapacityReleased.
    pub fn release_node_capacity(
        ctx: Context<ReleaseNodeCapacity>,
        kilobits_per_second: u64,
    ) -> Result<()> {
        handle_release_node_capacity(ctx, kilobits_per_second)
    }

    /// Counts a contract on both sides and uses up its nonce. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, NotContentProvider, NotSeller, ParticipantNotActive, NonceNotIncreasing.
    /// Event: ContractBegun.
    pub fn begin_contract(ctx: Context<BeginContract>, nonce: u64) -> Result<()> {
        handle_begin_contract(ctx, nonce)
    }

    /// Ends the counting of a contract on both sides. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, CounterOutOfRange.
    /// Event: ContractEnded.
    pub fn end_contract(ctx: Context<EndContract>) -> Result<()> {
        handle_end_contract(ctx)
    }

    /// Binds free stake to a contract. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, FreeStakeTooSmall.
    /// Event: StakeLocked.
    pub fn lock_stake(ctx: Context<LockStake>, amount: u64) -> Result<()> {
        handle_lock_stake(ctx, amount)
    }

    /// Frees stake that a contract no longer binds. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, LockedStakeTooSmall, CounterOutOfRange.
    /// Event: StakeUnlocked.
    pub fn unlock_stake(ctx: Context<UnlockStake>, amount: u64) -> Result<()> {
        handle_unlock_stake(ctx, amount)
    }

    /// Takes locked stake for good and moves it to where the market says. More than half of the stake within thirty
    /// days jails the participant. Called by the market program.
    ///
    /// Signer: the market's authority.
    /// Errors: NotMarket, WrongStakeMint, AmountZero, LockedStakeTooSmall.
    /// Event: StakeSlashed.
    pub fn slash_stake(ctx: Context<SlashStake>, amount: u64) -> Result<()> {
        handle_slash_stake(ctx, amount)
    }

    /// Lets a jailed participant act again, thirty days after the first slash that counted.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, ParticipantNotJailed, JailNotServed.
    /// Event: JailLeft.
    pub fn leave_jail(ctx: Context<LeaveJail>) -> Result<()> {
        handle_leave_jail(ctx)
    }

    /// Queues new parameters; contracts that run keep those they were signed with.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, QueueOccupied, NoEpochLength, ParamOutOfRange, SettleWindowTooShort.
    /// Event: ParamsQueued.
    pub fn queue_params(ctx: Context<QueueParams>, params: Params) -> Result<()> {
        handle_queue_params(ctx, params)
    }

    /// Puts the queued parameters into force once their time lock has ended.
    ///
    /// Signer: none.
    /// Errors: NothingQueued, QueuedValueMismatch, TimelockNotEnded.
    /// Event: ParamsApplied.
    pub fn apply_params(ctx: Context<ApplyParams>, params: Params) -> Result<()> {
        handle_apply_params(ctx, params)
    }

    /// Drops the queued parameters.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, NothingQueued.
    /// Event: ParamsCancelled.
    pub fn cancel_params(ctx: Context<CancelParams>) -> Result<()> {
        handle_cancel_params(ctx)
    }

    /// Queues a new board, guardian, treasury and fee.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, KeyMissing, FeeTooHigh, QueueOccupied.
    /// Event: AuthoritiesQueued.
    pub fn queue_authorities(
        ctx: Context<QueueAuthorities>,
        authorities: Authorities,
    ) -> Result<()> {
        handle_queue_authorities(ctx, authorities)
    }

    /// Puts the queued authorities into force once their time lock has ended.
    ///
    /// Signer: none.
    /// Errors: NothingQueued, QueuedValueMismatch, TimelockNotEnded.
    /// Event: AuthoritiesApplied.
    pub fn apply_authorities(
        ctx: Context<ApplyAuthorities>,
        authorities: Authorities,
    ) -> Result<()> {
        handle_apply_authorities(ctx, authorities)
    }

    /// Drops the queued authorities.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, NothingQueued.
    /// Event: AuthoritiesCancelled.
    pub fn cancel_authorities(ctx: Context<CancelAuthorities>) -> Result<()> {
        handle_cancel_authorities(ctx)
    }

    /// Stops selected new business for at most seven days, and never for more than half of the time.
    ///
    /// Signer: the board or the guardian.
    /// Errors: NotBoardOrGuardian, PauseBitsInvalid, PauseUntilInvalid, PauseInForce,
    /// PauseCoolingDown.
    /// Event: Paused.
    pub fn pause(ctx: Context<Pause>, bits: u16, until: i64) -> Result<()> {
        handle_pause(ctx, bits, until)
    }

    /// Ends a pause before its time.
    ///
    /// Signer: the board or the guardian.
    /// Errors: NotBoardOrGuardian, NotPaused.
    /// Event: Unpaused.
    pub fn unpause(ctx: Context<Unpause>) -> Result<()> {
        handle_unpause(ctx)
    }

    /// Replaces what a node says of its place: TLS key, footprint, network, carousel, proof directions.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, BandwidthFlagsInvalid, CarouselMissing, FootprintMissing,
    /// MeteredConsentMissing, AccountVersionUnknown.
    /// Event: NodeProfileUpdated.
    pub fn update_node(ctx: Context<UpdateNode>, args: UpdateNodeArgs) -> Result<()> {
        handle_update_node(ctx, args)
    }

    /// Replaces a node's claimed rates, never below what contracts hold on it.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, RateBelowCommitted, RateOutOfRange, ClassRateTooHigh.
    /// Event: NodeRatesSet.
    pub fn set_node_rates(ctx: Context<SetNodeRates>, args: SetNodeRatesArgs) -> Result<()> {
        handle_set_node_rates(ctx, args)
    }

    /// Takes a node on which nothing is committed out of the market.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, NodeNotActive, NodeCommitted.
    /// Event: NodeDeactivated.
    pub fn deactivate_node(ctx: Context<DeactivateNode>) -> Result<()> {
        handle_deactivate_node(ctx)
    }

    /// Brings a deactivated node back.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, NodeActive, ParticipantNotActive.
    /// Event: NodeReactivated.
    pub fn reactivate_node(ctx: Context<ReactivateNode>) -> Result<()> {
        handle_reactivate_node(ctx)
    }

    /// Closes a deactivated node; its rent goes to the owner, its number is never used again.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NodeOfAnotherParticipant, NodeActive.
    /// Event: NodeClosed.
    pub fn close_node(ctx: Context<CloseNode>) -> Result<()> {
        handle_close_node(ctx)
    }

    /// Shows that one footprint stands under a node's root. Changes nothing.
    ///
    /// Signer: none.
    /// Errors: FootprintProofInvalid.
    /// Event: NodeFootprintProven.
    pub fn prove_node_footprint(
        ctx: Context<ProveNodeFootprint>,
        args: ProveNodeFootprintArgs,
    ) -> Result<()> {
        handle_prove_node_footprint(ctx, args)
    }

    /// Names another key where the participant wants its share. The owner itself never changes: it is part
    /// of the account's address.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, PayoutMissing.
    /// Event: PayoutSet.
    pub fn set_payout(ctx: Context<SetPayout>, payout: Pubkey) -> Result<()> {
        handle_set_payout(ctx, payout)
    }

    /// Leaves the market for good.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, ParticipantNotActive, ContractsRunning, StakeRemains, NodesRemain.
    /// Event: ParticipantExited.
    pub fn exit_participant(ctx: Context<ExitParticipant>) -> Result<()> {
        handle_exit_participant(ctx)
    }

    /// Leaves a tombstone of an exited participant that holds nothing more; rent goes to the owner.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, ParticipantNotExiting, StakeRemains, NodesRemain.
    /// Event: ParticipantClosed.
    pub fn close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
        handle_close_participant(ctx)
    }

    /// Admits a registered auditor; its word counts while its stake reaches the minimum.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, NotAuditor, ParticipantNotActive, AuditorAlreadyAdmitted.
    /// Event: AuditorAdmitted.
    pub fn admit_auditor(ctx: Context<AdmitAuditor>) -> Result<()> {
        handle_admit_auditor(ctx)
    }

    /// Ends an auditor's admission.
    ///
    /// Signer: the board.
    /// Errors: NotBoard, NotAuditor, AuditorNotAdmitted.
    /// Event: AuditorDismissed.
    pub fn dismiss_auditor(ctx: Context<DismissAuditor>) -> Result<()> {
        handle_dismiss_auditor(ctx)
    }

    /// Creates the one list of BEACONs.
    ///
    /// Signer: payer (anyone).
    /// Errors: none of its own.
    /// Event: BeaconRegistryCreated.
    pub fn create_beacon_registry(ctx: Context<CreateBeaconRegistry>) -> Result<()> {
        handle_create_beacon_registry(ctx)
    }

    /// Creates a page of the list for 256 BEACONs.
    ///
    /// Signer: payer (anyone).
    /// Errors: CounterOutOfRange.
    /// Event: BeaconPageCreated.
    pub fn create_beacon_page(ctx: Context<CreateBeaconPage>, page: u32) -> Result<()> {
        handle_create_beacon_page(ctx, page)
    }

    /// Lists a BEACON against a bond.
    ///
    /// Signer: owner, the BEACON's key.
    /// Errors: MintNotAllowed, BondTooSmall, BeaconRateZero.
    /// Event: BeaconRegistered.
    pub fn register_beacon(ctx: Context<RegisterBeacon>, args: RegisterBeaconArgs) -> Result<()> {
        handle_register_beacon(ctx, args)
    }

    /// Takes a BEACON off the list; the last one of the list takes its number.
    ///
    /// Signer: owner.
    /// Errors: NotBeaconOwner, BeaconNotActive, MovedBeaconWrong.
    /// Event: BeaconExited.
    pub fn exit_beacon(ctx: Context<ExitBeacon>) -> Result<()> {
        handle_exit_beacon(ctx)
    }

    /// Pays out the bond of a BEACON that has left, and closes its account.
    ///
    /// Signer: owner.
    /// Errors: NotBeaconOwner, WrongBondMint, BeaconNotExiting, BondNotReady.
    /// Event: BeaconBondWithdrawn.
    pub fn withdraw_beacon_bond(ctx: Context<WithdrawBeaconBond>) -> Result<()> {
        handle_withdraw_beacon_bond(ctx)
    }

    /// Records behind which access prefix an auditor saw a BEACON, for 30 days.
    ///
    /// Signer: the auditor's owner or hot key.
    /// Errors: NotAuthorized, NotAuditor, AuditorNotAdmitted, AuditorStakeTooSmall, ParticipantNotActive,
    /// OwnBeacon, BeaconNotActive.
    /// Event: BeaconTagged.
    pub fn tag_prefix(ctx: Context<TagPrefix>, prefix_tag: u32) -> Result<()> {
        handle_tag_prefix(ctx, prefix_tag)
    }

    /// Creates a pool of operators and proposes their shares.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, PoolMemberInvalid, PoolSharesSumWrong.
    /// Event: PoolSharesProposed.
    pub fn create_pool(ctx: Context<CreatePool>, index: u32, shares: Vec<PoolShare>) -> Result<()> {
        handle_create_pool(ctx, index, shares)
    }

    /// Replaces members and shares of a pool; everybody but the creator has to agree anew.
    ///
    /// Signer: owner of the creator.
    /// Errors: NotOwner, NotPoolCreator, PoolMemberInvalid, PoolSharesSumWrong.
    /// Event: PoolSharesProposed.
    pub fn propose_pool_shares(
        ctx: Context<ProposePoolShares>,
        shares: Vec<PoolShare>,
    ) -> Result<()> {
        handle_propose_pool_shares(ctx, shares)
    }

    /// Agrees to the shares of one revision of a pool.
    ///
    /// Signer: owner of the member.
    /// Errors: NotOwner, NotSeller, ParticipantNotActive, PoolRevisionWrong, NotPoolMember, PoolConsentGiven.
    /// Event: PoolSharesAccepted.
    pub fn accept_pool_shares(ctx: Context<AcceptPoolShares>, revision: u32) -> Result<()> {
        handle_accept_pool_shares(ctx, revision)
    }

    /// Leaves a pool: it makes no new offers until shares are proposed anew; running contracts go on.
    ///
    /// Signer: owner of the member.
    /// Errors: NotOwner, NotPoolMember.
    /// Event: PoolMemberLeft.
    pub fn leave_pool(ctx: Context<LeavePool>) -> Result<()> {
        handle_leave_pool(ctx)
    }

    /// Closes a pool, which never holds money; rent goes to the owner.
    ///
    /// Signer: owner of the creator.
    /// Errors: NotOwner, NotPoolCreator.
    /// Event: PoolClosed.
    pub fn close_pool(ctx: Context<ClosePool>) -> Result<()> {
        handle_close_pool(ctx)
    }

    /// Publishes an operator's terms for nodes in one network.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, ParticipantNotActive, TermsInvalid.
    /// Event: OperatorTermsPublished.
    pub fn publish_operator_terms(
        ctx: Context<PublishOperatorTerms>,
        asn: u32,
        terms: NetworkTerms,
    ) -> Result<()> {
        handle_publish_operator_terms(ctx, asn, terms)
    }

    /// Replaces an operator's terms; consents under another text lapse.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, TermsOfAnotherOperator, TermsInvalid.
    /// Event: OperatorTermsUpdated.
    pub fn update_operator_terms(
        ctx: Context<UpdateOperatorTerms>,
        terms: NetworkTerms,
    ) -> Result<()> {
        handle_update_operator_terms(ctx, terms)
    }

    /// Withdraws an operator's terms; rent goes to the owner.
    ///
    /// Signer: owner.
    /// Errors: NotOwner, TermsOfAnotherOperator.
    /// Event: OperatorTermsWithdrawn.
    pub fn withdraw_operator_terms(ctx: Context<WithdrawOperatorTerms>) -> Result<()> {
        handle_withdraw_operator_terms(ctx)
    }

    /// Records an operator's consent to a node in its network.
    ///
    /// Signer: owner of the operator.
    /// Errors: NotOwner, TermsOfAnotherOperator, ParticipantNotActive, NodeOutsideNetwork, NodeOutsideTerms.
    /// Event: NodeConsentGranted.
    pub fn grant_node_consent(ctx: Context<GrantNodeConsent>) -> Result<()> {
        handle_grant_node_consent(ctx)
    }

    /// Takes an operator's consent back; rent goes to the owner.
    ///
    /// Signer: owner of the operator.
    /// Errors: NotOwner, TermsOfAnotherOperator.
    /// Event: NodeConsentRevoked.
    pub fn revoke_node_consent(ctx: Context<RevokeNodeConsent>) -> Result<()> {
        handle_revoke_node_consent(ctx)
    }

    /// Mints the node's licence: one token that cannot be transferred, to the participant's owner. It shows who registered
    /// the node and gives no authority; no instruction reads it.
    ///
    /// Signer: payer, the participant's owner or hot key.
    /// Errors: NotAuthorized, NotOwner, NodeOfAnotherParticipant, LicenceExists, LicenceUriInvalid,
    /// AccountVersionUnknown.
    /// Event: LicenceMinted.
    pub fn mint_licence(ctx: Context<MintLicence>, uri: String) -> Result<()> {
        handle_mint_licence(ctx, uri)
    }

    /// Burns the licence of a closed node and closes its mint; rent goes to the participant's owner.
    ///
    /// Signer: none.
    /// Errors: NodeNotClosed, NotOwner.
    /// Event: LicenceRetired.
    pub fn retire_licence(ctx: Context<RetireLicence>, node_index: u32) -> Result<()> {
        handle_retire_licence(ctx, node_index)
    }
}
