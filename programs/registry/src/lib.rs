//! Participants, nodes, stake and the marketplace's configuration (protocol 6.3, 6.11, 6.15).

pub mod constants;
pub mod error;
pub mod events;
pub mod governance_events;
pub mod instructions;
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

    /// Registers the owner as content provider or seller, with one mint for its stake.
    ///
    /// Signer: payer, owner.
    /// Errors: MintNotAllowed, AuditorNotAdmitted, PayoutMissing.
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
    /// RateOutOfRange.
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
    /// Errors: NotMarket, AmountZero, NodeNotActive, NodeOvercommitted, VerifiedRateExceeded.
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
}
