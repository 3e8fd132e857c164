//! The rate of a panel against tests/vectors/panels.json, and INV-12 for panels that no table has.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

use common::{demand, list, load, named, number, small};
use proptest::collection::vec;
use proptest::prelude::*;
use protocol_core::*;
use serde_json::Value;

fn row_of(value: &Value) -> PanelRow {
    let kilobits: Vec<u32> = value["kilobits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| u32::try_from(entry.as_u64().unwrap()).unwrap())
        .collect();
    PanelRow {
        kilobits: kilobits.try_into().unwrap(),
        paced_kilobits_per_second: number(value, "pacedKilobitsPerSecond"),
    }
}

#[test]
fn panel_rates_follow_the_table() {
    for case in list(&load("panels.json"), "panels") {
        let rows: Vec<PanelRow> = list(case, "rows").iter().map(row_of).collect();
        let rate = compute_panel_rate(&Panel {
            rows: &rows,
            size: small(case, "size"),
            faults: small(case, "faults"),
            sub_window_ms: small(case, "subWindowMs"),
        });
        let expected = demand(case, |case| PanelRate {
            verified_kilobits_per_second: number(case, "verified"),
            estimated_kilobits_per_second: number(case, "estimated"),
        });
        assert_eq!(named(rate), expected, "{case}");
    }
}

fn row() -> impl Strategy<Value = PanelRow> {
    (any::<[u32; PANEL_SUB_WINDOWS]>(), any::<u64>()).prop_map(|(kilobits, pace)| PanelRow {
        kilobits,
        paced_kilobits_per_second: pace >> (pace % 64),
    })
}

fn rate(rows: &[PanelRow], size: usize, faults: usize, sub_window_ms: u32) -> PanelRate {
    compute_panel_rate(&Panel {
        rows,
        size: u8::try_from(size).unwrap(),
        faults: u8::try_from(faults).unwrap(),
        sub_window_ms,
    })
    .unwrap()
}

/// What the rows together received in each sub-window as a rate, and the lower median of that.
fn truth(rows: &[PanelRow], sub_window_ms: u32) -> u64 {
    let mut sums: Vec<u64> = (0..PANEL_SUB_WINDOWS)
        .map(|place| {
            rows.iter()
                .map(|row| u64::from(row.kilobits[place]))
                .sum::<u64>()
        })
        .map(|kilobits| kilobits * 1000 / u64::from(sub_window_ms))
        .collect();
    sums.sort_unstable();
    sums[3]
}

proptest! {
    #[test]
    fn liars_within_the_bound_never_raise_the_rate_above_what_the_honest_received(
        honest in vec(row(), 1..=48), lies in vec(row(), 0..=15), spare in 0usize..4, ms in 1u32..5_000,
    ) {
        let size = (honest.len() + lies.len() + spare).min(MAX_PANEL_SIZE);
        let lies = &lies[..lies.len().min(size - honest.len())];
        let faults = lies.len();
        let proven = rate(&[&honest[..], lies].concat(), size, faults, ms);
        let honest_rate = truth(&honest, ms);
        prop_assert!(proven.verified_kilobits_per_second <= honest_rate);
        let kept = u128::try_from(size - faults).unwrap();
        let most = u128::from(honest_rate) * u128::try_from(size).unwrap() / kept;
        prop_assert!(u128::from(proven.estimated_kilobits_per_second) <= most);
    }

    #[test]
    fn the_order_of_rows_is_nothing_and_a_missing_row_is_zero(
        rows in vec(row(), 1..=32), turn in any::<prop::sample::Index>(), faults in 0usize..32, ms in 1u32..5_000,
    ) {
        let faults = faults.min(rows.len() - 1);
        let before = rate(&rows, rows.len(), faults, ms);
        let mut turned = rows.clone();
        turned.rotate_left(turn.index(rows.len()));
        turned.reverse();
        prop_assert_eq!(rate(&turned, rows.len(), faults, ms), before);
        let silent = PanelRow { kilobits: [0; PANEL_SUB_WINDOWS], paced_kilobits_per_second: u64::MAX };
        let (size, padded) = (rows.len() + 1, [&rows[..], &[silent]].concat());
        prop_assert_eq!(rate(&rows, size, faults, ms), rate(&padded, size, faults, ms));
        prop_assert!(rate(&rows[1..], rows.len(), faults, ms).verified_kilobits_per_second <= before.verified_kilobits_per_second);
    }
}
