use anchor_lang::prelude::*;

use crate::constants::{
    DEVELOPMENT_MIN_SECS, MAX_SEATS, MAX_TIMELOCK_SECS, MAX_VOTING_PERIOD_SECS, MIN_TIMELOCK_SECS,
    MIN_VOTING_PERIOD_SECS, RESERVED_BYTES,
};
use crate::error::GovernanceError;

/// One member's place. Where every weight is 1, each seat has one vote.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Seat {
    /// The key that votes: a participant's owner, or any other signer. The default key marks a free place.
    pub member: Pubkey,
    pub weight: u16,
}

/// What a board can change about itself.
#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct BoardRules {
    pub seats: Vec<Seat>,
    /// Sum of weights that decides: more than half of all.
    pub threshold: u32,
    pub timelock_secs: u32,
    pub voting_period_secs: u32,
}

/// A board of industry participants, at `["board", creator, id]`. What it decides is signed by its
/// vault, `["board_vault", board]`.
#[account]
#[derive(InitSpace)]
pub struct Board {
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    /// Chose the first seats; has no power over the board.
    pub creator: Pubkey,
    pub id: u32,
    /// Lowers the least times to 1 s; fixed for ever at creation.
    pub development: bool,
    pub seat_count: u8,
    pub seats: [Seat; MAX_SEATS],
    pub threshold: u32,
    pub timelock_secs: u32,
    pub voting_period_secs: u32,
    /// Grows with each change of the rules; votes of an earlier epoch count for nothing.
    pub seats_epoch: u32,
    /// Proposals made so far; also the number of the next one.
    pub proposal_count: u64,
    pub reserved: [u8; RESERVED_BYTES],
}

impl Board {
    /// Replaces seats and rules as a whole.
    pub fn set_rules(&mut self, rules: &BoardRules) -> Result<()> {
        require!(
            (1..=MAX_SEATS).contains(&rules.seats.len()),
            GovernanceError::SeatCountInvalid
        );
        self.seats = [Seat::default(); MAX_SEATS];
        for (place, seat) in self.seats.iter_mut().zip(&rules.seats) {
            *place = *seat;
        }
        self.seat_count =
            u8::try_from(rules.seats.len()).map_err(|_| GovernanceError::SeatCountInvalid)?;
        self.threshold = rules.threshold;
        self.timelock_secs = rules.timelock_secs;
        self.voting_period_secs = rules.voting_period_secs;
        self.seats_epoch = self
            .seats_epoch
            .checked_add(1)
            .ok_or(GovernanceError::CounterOutOfRange)?;
        Ok(())
    }

    /// The place and the weight of a member's seat.
    pub fn find_seat(&self, member: &Pubkey) -> Result<(u8, u16)> {
        (0u8..)
            .zip(self.used_seats())
            .find(|(_, seat)| seat.member == *member)
            .map(|(place, seat)| (place, seat.weight))
            .ok_or_else(|| error!(GovernanceError::NotSeatHolder))
    }

    /// Gives out the next proposal's number.
    pub fn number_proposal(&mut self, number: u64) -> Result<()> {
        require!(
            number == self.proposal_count,
            GovernanceError::ProposalNumberOutOfOrder
        );
        self.proposal_count = self
            .proposal_count
            .checked_add(1)
            .ok_or(GovernanceError::CounterOutOfRange)?;
        Ok(())
    }

    fn used_seats(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().take(usize::from(self.seat_count))
    }

    pub fn invariant(&self) -> Result<()> {
        self.validate_seats()?;
        let total: u32 = self
            .used_seats()
            .try_fold(0u32, |sum, seat| sum.checked_add(u32::from(seat.weight)))
            .ok_or(GovernanceError::CounterOutOfRange)?;
        // At half or less, a proposal and its opposite could both be decided.
        let least = (total >> 1).saturating_add(1);
        require!(
            (least..=total).contains(&self.threshold),
            GovernanceError::ThresholdInvalid
        );
        let shortest = |secs: u32| {
            if self.development {
                DEVELOPMENT_MIN_SECS
            } else {
                secs
            }
        };
        require!(
            (shortest(MIN_TIMELOCK_SECS)..=MAX_TIMELOCK_SECS).contains(&self.timelock_secs),
            GovernanceError::TimelockOutOfRange
        );
        require!(
            (shortest(MIN_VOTING_PERIOD_SECS)..=MAX_VOTING_PERIOD_SECS)
                .contains(&self.voting_period_secs),
            GovernanceError::VotingPeriodOutOfRange
        );
        Ok(())
    }

    fn validate_seats(&self) -> Result<()> {
        for (place, seat) in self.used_seats().enumerate() {
            require_keys_neq!(
                seat.member,
                Pubkey::default(),
                GovernanceError::SeatMemberMissing
            );
            require!(seat.weight > 0, GovernanceError::SeatWeightZero);
            let mut earlier = self.seats.iter().take(place);
            require!(
                earlier.all(|other| other.member != seat.member),
                GovernanceError::SeatDuplicate
            );
        }
        Ok(())
    }
}
