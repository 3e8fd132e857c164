//! Properties of SLA medians, slashing and consistency proofs, for inputs that no table has.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

use proptest::collection::vec;
use proptest::prelude::*;
use protocol_core::*;

fn summary() -> impl Strategy<Value = SlaSummary> {
    let share = || 0u32..=1_000_000;
    (share(), share(), any::<u16>(), share(), any::<u32>()).prop_map(
        |(availability_ppm, error_ppm, ttfb_p95_ms, stall_ppm, sessions)| SlaSummary {
            availability_ppm,
            error_ppm,
            ttfb_p95_ms,
            stall_ppm,
            sessions,
        },
    )
}

fn head(leaves: &[Hash]) -> Hash {
    match leaves {
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            sha256(&[&[1], &head(left), &head(right)])
        }
    }
}

/// Largest power of two below `size`.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// SUBPROOF of RFC 9162 2.1.4.1.
fn prove(first: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
    if first == leaves.len() {
        return if is_whole { vec![] } else { vec![head(leaves)] };
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    if first <= middle {
        [prove(first, left, is_whole), vec![head(right)]].concat()
    } else {
        [prove(first - middle, right, false), vec![head(left)]].concat()
    }
}

proptest! {
    #[test]
    fn slashes_add_up_exactly_and_round_to_the_treasury(slashed in any::<u64>(), has_challenger in any::<bool>()) {
        let split = compute_slash_split(slashed, has_challenger).unwrap();
        let sum = u128::from(split.content_provider) + u128::from(split.challenger) + u128::from(split.treasury);
        prop_assert_eq!(sum, u128::from(slashed));
        prop_assert_eq!(split.content_provider, slashed / 2);
        let wanted = if has_challenger { u128::from(slashed) * 3 / 10 } else { 0 };
        prop_assert_eq!(u128::from(split.challenger), wanted);
        prop_assert!(u128::from(split.treasury) >= u128::from(slashed) / 5);
    }

    #[test]
    fn a_minority_of_liars_moves_no_metric_out_of_the_honest_range(
        honest in vec(summary(), 1..=16), lies in vec(summary(), 0..=15), seed in any::<u64>(),
    ) {
        let room = MAX_SLA_REPORTS - honest.len();
        let count = lies.len().min(honest.len() - 1).min(room);
        let mut reports = [&honest[..], &lies[..count]].concat();
        let start = usize::try_from(seed % u64::try_from(reports.len()).unwrap()).unwrap();
        let before = compute_sla_median(&reports, 1).unwrap();
        reports.rotate_left(start);
        let median = compute_sla_median(&reports, 1).unwrap();
        prop_assert_eq!(before, median);
        let median = median.unwrap();
        let metrics: [fn(&SlaSummary) -> u32; 5] = [
            |r| r.availability_ppm, |r| r.error_ppm, |r| u32::from(r.ttfb_p95_ms), |r| r.stall_ppm, |r| r.sessions,
        ];
        for metric in metrics {
            let values = honest.iter().map(metric);
            prop_assert!(metric(&median) >= values.clone().min().unwrap());
            prop_assert!(metric(&median) <= values.max().unwrap());
        }
    }

    #[test]
    fn of_two_reports_the_worse_figure_counts(a in summary(), b in summary()) {
        let median = compute_sla_median(&[a, b], 2).unwrap().unwrap();
        prop_assert_eq!(median.availability_ppm, a.availability_ppm.min(b.availability_ppm));
        prop_assert_eq!(median.error_ppm, a.error_ppm.max(b.error_ppm));
        prop_assert_eq!(median.ttfb_p95_ms, a.ttfb_p95_ms.max(b.ttfb_p95_ms));
        prop_assert_eq!(median.stall_ppm, a.stall_ppm.max(b.stall_ppm));
        prop_assert_eq!(compute_sla_median(&[a, b], 3), Ok(None));
    }

    #[test]
    fn every_growth_proves_itself_and_no_changed_proof_does(
        size in 1usize..120, pick in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>(), mask in 1u8..=255,
    ) {
        let leaves: Vec<Hash> = (0..size).map(|i| sha256(&[b"leaf", &i.to_le_bytes()])).collect();
        let first = pick.index(size) + 1;
        let (first_root, second_root) = (head(&leaves[..first]), head(&leaves));
        let mut path = prove(first, &leaves, true);
        let (first_size, second_size) = (u64::try_from(first).unwrap(), u64::try_from(size).unwrap());
        let check = |path: &[Hash], first_root: &Hash| {
            verify_consistency(first_root, &second_root, &ConsistencyProof { first_size, second_size, path })
        };
        prop_assert_eq!(check(&path, &first_root), Ok(()));
        prop_assert!(check(&path, &sha256(&[&first_root])).is_err());
        prop_assert!(check(&[&path[..], &[[0; 32]]].concat(), &first_root).is_err());
        if !path.is_empty() {
            prop_assert!(check(&path[1..], &first_root).is_err());
            let at = byte.index(path.len() * 32);
            path[at / 32][at % 32] ^= mask;
            prop_assert!(check(&path, &first_root).is_err());
        }
    }

    #[test]
    fn hostile_consistency_proofs_never_panic(
        first_size in any::<u64>(), second_size in any::<u64>(), path in vec(any::<[u8; 32]>(), 0..70),
    ) {
        for (first_size, second_size) in [(first_size, second_size), (first_size % 70, second_size % 140)] {
            let proof = ConsistencyProof { first_size, second_size, path: &path };
            prop_assert!(verify_consistency(&[1; 32], &[2; 32], &proof).is_err());
        }
    }
}
