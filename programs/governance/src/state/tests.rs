use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};

use super::*;
use crate::constants::*;
use crate::error::GovernanceError;

const NOW: i64 = 1_800_000_000;

fn member(fill: u8) -> Pubkey {
    Pubkey::new_from_array([fill; 32])
}

fn seats(weights: &[u16]) -> Vec<Seat> {
    (1u8..)
        .zip(weights)
        .map(|(fill, weight)| Seat {
            member: member(fill),
            weight: *weight,
        })
        .collect()
}

fn rules(weights: &[u16], threshold: u32) -> BoardRules {
    BoardRules {
        seats: seats(weights),
        threshold,
        timelock_secs: MIN_TIMELOCK_SECS,
        voting_period_secs: MIN_VOTING_PERIOD_SECS,
    }
}

fn empty_board() -> Board {
    Board {
        version: ACCOUNT_VERSION,
        bump: 255,
        vault_bump: 254,
        creator: member(99),
        id: 0,
        development: false,
        seat_count: 0,
        seats: [Seat::default(); MAX_SEATS],
        threshold: 0,
        timelock_secs: 0,
        voting_period_secs: 0,
        seats_epoch: 0,
        proposal_count: 0,
        reserved: [0; RESERVED_BYTES],
    }
}

fn board_of(rules: &BoardRules) -> Result<Board> {
    let mut board = empty_board();
    board.set_rules(rules)?;
    board.invariant()?;
    Ok(board)
}

fn proposal(board: &Board) -> Proposal {
    Proposal {
        version: ACCOUNT_VERSION,
        bump: 255,
        board: member(50),
        number: 0,
        proposer: member(1),
        rent_payer: member(1),
        description_hash: [0; 32],
        status: ProposalStatus::Draft,
        seats_epoch: board.seats_epoch,
        instruction_count: 0,
        missing_data_bytes: 0,
        ballots: [Ballot::None; MAX_SEATS],
        votes_for: 0,
        votes_against: 0,
        voting_ends_at: 0,
        executable_at: 0,
        expires_at: 0,
        reserved: [0; RESERVED_BYTES],
    }
}

fn voting(board: &Board) -> Proposal {
    let mut proposal = proposal(board);
    proposal.add_instruction(0, 0).unwrap();
    proposal.open_voting(board, NOW).unwrap();
    proposal
}

fn assert_refused<T>(result: Result<T>, error: GovernanceError) {
    assert_eq!(result.err(), Some(error.into()));
}

#[test]
fn a_threshold_is_more_than_half_and_at_most_all() {
    for (weights, threshold, fits) in [
        (&[1u16, 1, 1][..], 1, false),
        (&[1, 1, 1], 2, true),
        (&[1, 1, 1], 3, true),
        (&[1, 1, 1], 4, false),
        (&[1, 1], 1, false),
        (&[5, 1], 3, false),
        (&[5, 1], 4, true),
        (&[u16::MAX; MAX_SEATS], 16 * 65_535, true),
        (&[u16::MAX; MAX_SEATS], 8 * 65_535, false),
    ] {
        let board = board_of(&rules(weights, threshold));
        if fits {
            assert!(board.is_ok(), "{weights:?} {threshold}");
        } else {
            assert_refused(board, GovernanceError::ThresholdInvalid);
        }
    }
}

#[test]
fn rules_refuse_what_is_no_board() {
    let valid = rules(&[1, 1, 1], 2);
    let mut none = valid.clone();
    none.seats.clear();
    assert_refused(board_of(&none), GovernanceError::SeatCountInvalid);
    assert_refused(
        board_of(&rules(&[1; 17], 9)),
        GovernanceError::SeatCountInvalid,
    );
    let mut unnamed = valid.clone();
    unnamed.seats[1].member = Pubkey::default();
    assert_refused(board_of(&unnamed), GovernanceError::SeatMemberMissing);
    let mut twice = valid.clone();
    twice.seats[2].member = member(1);
    assert_refused(board_of(&twice), GovernanceError::SeatDuplicate);
    assert_refused(
        board_of(&rules(&[1, 0, 1], 2)),
        GovernanceError::SeatWeightZero,
    );
}

#[test]
fn times_have_bounds_that_development_lowers_to_a_second() {
    let bounds = |timelock_secs, voting_period_secs, development| {
        let mut board = empty_board();
        board.development = development;
        let rules = BoardRules {
            timelock_secs,
            voting_period_secs,
            ..rules(&[1], 1)
        };
        board.set_rules(&rules)?;
        board.invariant()
    };
    let (lock, period) = (72 * 3_600, 86_400);
    bounds(lock, period, false).unwrap();
    bounds(90 * 86_400, 30 * 86_400, false).unwrap();
    bounds(1, 1, true).unwrap();
    for (secs, development) in [
        (lock - 1, false),
        (90 * 86_400 + 1, false),
        (0, true),
        (90 * 86_400 + 1, true),
    ] {
        assert_refused(
            bounds(secs, period, development),
            GovernanceError::TimelockOutOfRange,
        );
    }
    for (secs, development) in [
        (period - 1, false),
        (30 * 86_400 + 1, false),
        (0, true),
        (30 * 86_400 + 1, true),
    ] {
        assert_refused(
            bounds(lock, secs, development),
            GovernanceError::VotingPeriodOutOfRange,
        );
    }
}

#[test]
fn votes_are_weighed_and_decide_at_the_threshold() {
    let board = board_of(&rules(&[3, 2, 1], 4)).unwrap();
    let mut proposal = voting(&board);
    proposal
        .cast_vote(&board, &member(1), Ballot::For, NOW)
        .unwrap();
    assert_eq!(proposal.status, ProposalStatus::Voting);
    proposal
        .cast_vote(&board, &member(3), Ballot::For, NOW)
        .unwrap();
    assert_eq!(proposal.status, ProposalStatus::Queued);
    assert_eq!((proposal.votes_for, proposal.votes_against), (4, 0));
    assert_eq!(proposal.executable_at, NOW + 72 * 3_600);
    assert_eq!(proposal.expires_at, NOW + 72 * 3_600 + 14 * 86_400);
}

#[test]
fn a_change_of_mind_replaces_the_vote() {
    let board = board_of(&rules(&[3, 2, 1], 4)).unwrap();
    let mut proposal = voting(&board);
    for (ballot, votes) in [
        (Ballot::For, (2, 0)),
        (Ballot::Against, (0, 2)),
        (Ballot::None, (0, 0)),
        (Ballot::For, (2, 0)),
    ] {
        proposal.cast_vote(&board, &member(2), ballot, NOW).unwrap();
        assert_eq!((proposal.votes_for, proposal.votes_against), votes);
        assert_refused(
            proposal.cast_vote(&board, &member(2), ballot, NOW),
            GovernanceError::VoteUnchanged,
        );
    }
}

#[test]
fn a_queued_proposal_can_only_be_stopped() {
    let board = board_of(&rules(&[1, 1, 1], 2)).unwrap();
    let mut proposal = voting(&board);
    for seat in [1, 2] {
        proposal
            .cast_vote(&board, &member(seat), Ballot::For, NOW)
            .unwrap();
    }
    assert_refused(
        proposal.cast_vote(&board, &member(1), Ballot::None, NOW),
        GovernanceError::OnlyAgainstWhileQueued,
    );
    proposal
        .cast_vote(&board, &member(3), Ballot::Against, NOW)
        .unwrap();
    // One vote less for it than the threshold: it was decided and stays queued.
    assert_eq!(proposal.status, ProposalStatus::Queued);
    proposal
        .cast_vote(&board, &member(1), Ballot::Against, NOW)
        .unwrap();
    assert_eq!(proposal.status, ProposalStatus::Rejected);
    assert_refused(
        proposal.execute(&board, proposal.executable_at),
        GovernanceError::ProposalNotQueued,
    );
}

#[test]
fn sums_of_votes_are_those_of_the_ballots_whatever_the_order() {
    let weights = [7, 1, 5, 3, 2, 11, 1, 4];
    let board = board_of(&rules(&weights, 34)).unwrap();
    let ballots = [Ballot::For, Ballot::Against, Ballot::None];
    let mut state: u64 = 1;
    let mut next = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % bound
    };
    for _ in 0..200 {
        let mut proposal = voting(&board);
        for _ in 0..40 {
            let seat = u8::try_from(next(8)).unwrap() + 1;
            let ballot = ballots[usize::try_from(next(3)).unwrap()];
            let _ = proposal.cast_vote(&board, &member(seat), ballot, NOW);
            let sum = |wanted| {
                weights
                    .iter()
                    .zip(&proposal.ballots)
                    .filter(|(_, given)| **given == wanted)
                    .map(|(weight, _)| u32::from(*weight))
                    .sum::<u32>()
            };
            assert_eq!(proposal.votes_for, sum(Ballot::For));
            assert_eq!(proposal.votes_against, sum(Ballot::Against));
            assert!(proposal.votes_against < 34 || proposal.status == ProposalStatus::Rejected);
            proposal.invariant().unwrap();
        }
    }
}

#[test]
fn execution_has_a_time_and_happens_once() {
    let board = board_of(&rules(&[1], 1)).unwrap();
    let mut queued = voting(&board);
    queued
        .cast_vote(&board, &member(1), Ballot::For, NOW)
        .unwrap();
    let (from, until) = (queued.executable_at, queued.expires_at);
    assert_refused(
        queued.execute(&board, from - 1),
        GovernanceError::TimelockNotEnded,
    );
    assert_refused(
        queued.execute(&board, until),
        GovernanceError::ExecutionWindowOver,
    );
    assert!(!queued.is_over(&board, until - 1));
    assert!(queued.is_over(&board, until));
    queued.execute(&board, until - 1).unwrap();
    assert_refused(
        queued.execute(&board, until - 1),
        GovernanceError::ProposalNotQueued,
    );
}

#[test]
fn a_change_of_seats_voids_every_open_proposal() {
    let mut board = board_of(&rules(&[1], 1)).unwrap();
    let mut draft = proposal(&board);
    draft.add_instruction(0, 0).unwrap();
    let mut open = voting(&board);
    let mut queued = voting(&board);
    queued
        .cast_vote(&board, &member(1), Ballot::For, NOW)
        .unwrap();
    board.set_rules(&rules(&[1], 1)).unwrap();
    assert_refused(
        draft.open_voting(&board, NOW),
        GovernanceError::SeatsChanged,
    );
    assert_refused(
        open.cast_vote(&board, &member(1), Ballot::For, NOW),
        GovernanceError::SeatsChanged,
    );
    assert_refused(
        queued.execute(&board, queued.executable_at),
        GovernanceError::SeatsChanged,
    );
    for proposal in [draft, open, queued] {
        assert!(proposal.is_over(&board, NOW));
    }
}

#[test]
fn instruction_accounts_take_no_more_room_than_they_need() {
    let most = 8 + ProposalInstruction::INIT_SPACE;
    assert_eq!(ProposalInstruction::space(16, 1_024), most);
    assert_eq!(ProposalInstruction::space(99, u16::MAX), most);
    assert_eq!(ProposalInstruction::space(3, 10), most - 13 * 34 - 1_014);
}

#[test]
fn layouts_are_pinned() {
    assert_eq!(Board::INIT_SPACE, 673);
    assert_eq!(Proposal::INIT_SPACE, 258);
    assert_eq!(ProposalInstruction::INIT_SPACE, 1_709);
    assert_ne!(Board::DISCRIMINATOR, Proposal::DISCRIMINATOR);
    assert_ne!(Proposal::DISCRIMINATOR, ProposalInstruction::DISCRIMINATOR);
}
