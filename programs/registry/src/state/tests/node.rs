//! What a node may promise and where it listens.
use super::{node, refused};
use crate::error::RegistryError;
use crate::state::*;

#[test]
fn a_node_never_commits_more_than_it_claims() {
    let mut node = node();
    node.reserve(600, false, 0).unwrap();
    refused(
        node.reserve(401, false, 0),
        RegistryError::NodeOvercommitted,
    );
    refused(
        node.reserve(u64::MAX, false, 0),
        RegistryError::CounterOutOfRange,
    );
    refused(node.reserve(0, false, 0), RegistryError::AmountZero);
    node.reserve(400, false, 0).unwrap();
    node.release(1_000).unwrap();
    refused(node.release(1), RegistryError::ReleaseTooLarge);
    node.status = NodeStatus::Inactive;
    refused(node.reserve(1, false, 0), RegistryError::NodeNotActive);
    node.invariant().unwrap();
}

#[test]
fn verified_capacity_is_what_was_claimed_and_measured_and_has_not_expired() {
    let mut node = node();
    refused(
        node.reserve(1, true, 100),
        RegistryError::VerifiedRateExceeded,
    );
    node.verified_egress.kilobits_per_second = 700;
    node.verified_egress.expires_at = 100;
    let sellable = |node: &Node, now| node.sellable_egress(true, now);
    assert_eq!((sellable(&node, 99), sellable(&node, 100)), (700, 0));
    // What is sold without a proof uses the same wire.
    node.reserve(600, false, 99).unwrap();
    refused(
        node.reserve(101, true, 99),
        RegistryError::VerifiedRateExceeded,
    );
    refused(
        node.reserve(100, true, 100),
        RegistryError::VerifiedRateExceeded,
    );
    node.reserve(100, true, 99).unwrap();
    node.reserve(300, false, 99).unwrap();
    node.verified_egress.kilobits_per_second = 1_001;
    assert_eq!(node.sellable_egress(true, 99), 1_000);
    refused(node.reserve(1, true, 99), RegistryError::NodeOvercommitted);
}

#[test]
fn a_moved_endpoint_is_unproven() {
    let mut node = node();
    let endpoint = Endpoint {
        ip: [1; 16],
        port: 80,
    };
    node.set_endpoints([endpoint, Endpoint::default()]).unwrap();
    assert_eq!(node.endpoint_proof_at, 0);
    let half = Endpoint {
        ip: [1; 16],
        port: 0,
    };
    refused(
        node.set_endpoints([half, endpoint]),
        RegistryError::EndpointInvalid,
    );
    refused(
        node.set_endpoints([endpoint, half]),
        RegistryError::EndpointInvalid,
    );
    refused(
        node.set_endpoints([Endpoint::default(), endpoint]),
        RegistryError::EndpointInvalid,
    );
}
