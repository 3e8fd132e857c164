use super::*;
use crate::error::SettlementError;

#[test]
fn terms_have_bounds_that_development_lowers_to_a_second() {
    let refused: anchor_lang::error::Error = SettlementError::RewardDelayOutOfRange.into();
    for (delay_secs, development) in [(0, true), (86_399, false), (2_592_001, true)] {
        let result = RewardPool::validate_terms(delay_secs, 1, development);
        assert_eq!(result.unwrap_err(), refused);
    }
    for (delay_secs, development) in [(1, true), (86_400, false), (2_592_000, false)] {
        assert!(RewardPool::validate_terms(delay_secs, 1, development).is_ok());
    }
}
