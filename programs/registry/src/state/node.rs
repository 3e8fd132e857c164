use anchor_lang::prelude::*;

use protocol_core::{check_class, compute_sellable_rate, ClassDeclaration};

use crate::constants::{
    BANDWIDTH_PROOF_ALL, MAX_ENDPOINTS, MAX_KILOBITS_PER_SECOND, RESERVED_BYTES,
};
use crate::error::RegistryError;
use crate::state::{check_version, class_error, CapacityClass};

/// What the class and its declarations leave of the first cut's reserve.
pub const NODE_RESERVED_BYTES: usize = RESERVED_BYTES - 34;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// Request router and mid-tier cache.
    Cast,
    /// Edge cache.
    Relay,
    /// A whole downstream CDN behind one entry.
    Cdn,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeStatus {
    Active,
    Inactive,
}

/// Where a node listens. IPv4 is written as an IPv4-mapped IPv6 address; all zero = unused.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Endpoint {
    pub ip: [u8; 16],
    pub port: u16,
}

/// What the bandwidth proof last measured in one direction (protocol 6.10); all zero = unmeasured.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct VerifiedRate {
    pub kilobits_per_second: u64,
    pub estimate_kilobits_per_second: u64,
    pub panel_size: u8,
    pub faults: u8,
    pub verified_at: i64,
    pub expires_at: i64,
}

/// Verified multicast reach, hosts; all zero = unmeasured.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct VerifiedReach {
    pub reach: u32,
    pub reach_lower: u32,
    pub verified_at: i64,
    pub expires_at: i64,
}

/// One delivery node of a seller, at `["node", participant, index]`.
#[account]
#[derive(InitSpace)]
pub struct Node {
    pub version: u8,
    pub bump: u8,
    pub participant: Pubkey,
    pub index: u32,
    pub role: NodeRole,
    pub endpoints: [Endpoint; MAX_ENDPOINTS],
    /// 0 until the endpoint has proved that it wants this traffic; no prober may address it before.
    pub endpoint_proof_at: i64,
    /// Autonomous system number in which the node stands.
    pub asn: u32,
    /// RFC 9162 tree head over the node's canonical CDNi footprints (RFC 8006).
    pub footprint_root: [u8; 32],
    /// SHA-256 of the TLS key's SubjectPublicKeyInfo.
    pub tls_spki: [u8; 32],
    /// Directions that the operator lets a panel measure; none unless it opts in.
    pub bandwidth_proof_flags: u8,
    pub claim_egress_kilobits_per_second: u64,
    pub claim_ingress_kilobits_per_second: u64,
    pub verified_egress: VerifiedRate,
    pub verified_ingress: VerifiedRate,
    pub verified_multicast: VerifiedReach,
    /// Sum of the shares that running contracts hold on this node.
    pub committed_kilobits_per_second: u64,
    pub status: NodeStatus,
    /// Zero, as the first cut left it, is unicast.
    pub class: CapacityClass,
    /// Whoever pays for the access line by volume agrees to what this node sends.
    pub metered_consent: bool,
    /// SHA-256 of the carousel's description; all zero where nothing comes round.
    pub carousel_hash: [u8; 32],
    pub reserved: [u8; NODE_RESERVED_BYTES],
}

impl Node {
    /// Sets the listening places; a new place is unproven, whatever the old one was.
    pub fn set_endpoints(&mut self, endpoints: [Endpoint; MAX_ENDPOINTS]) -> Result<()> {
        let [first, second] = &endpoints;
        require!(first.is_whole(), RegistryError::EndpointInvalid);
        require!(
            second.is_whole() || *second == Endpoint::default(),
            RegistryError::EndpointInvalid
        );
        self.endpoints = endpoints;
        self.endpoint_proof_at = 0;
        Ok(())
    }

    /// Egress that contracts may hold together: what the node claims and, where a buyer asks for
    /// verified capacity, no more than a bandwidth proof measured that has not expired (protocol 6.6).
    pub fn sellable_egress(&self, verified_only: bool, now: i64) -> u64 {
        let claimed = self.claim_egress_kilobits_per_second;
        if !verified_only {
            return claimed;
        }
        let proof = &self.verified_egress;
        if now >= proof.expires_at {
            return 0;
        }
        claimed.min(proof.kilobits_per_second)
    }

    /// Binds a contract's share to the node (INV-4). Shares that were sold without a proof count as
    /// well: the wire is the same.
    pub fn reserve(
        &mut self,
        kilobits_per_second: u64,
        verified_only: bool,
        now: i64,
    ) -> Result<()> {
        require!(kilobits_per_second > 0, RegistryError::AmountZero);
        require!(
            self.status == NodeStatus::Active,
            RegistryError::NodeNotActive
        );
        require!(
            self.class.limits().sells_unicast,
            RegistryError::ClassNotUnicast
        );
        let committed = self
            .committed_kilobits_per_second
            .checked_add(kilobits_per_second)
            .ok_or(RegistryError::CounterOutOfRange)?;
        require!(
            committed <= self.sellable_egress(false, now),
            RegistryError::NodeOvercommitted
        );
        require!(
            committed <= self.sellable_egress(verified_only, now),
            RegistryError::VerifiedRateExceeded
        );
        self.committed_kilobits_per_second = committed;
        Ok(())
    }

    pub fn release(&mut self, kilobits_per_second: u64) -> Result<()> {
        self.committed_kilobits_per_second = self
            .committed_kilobits_per_second
            .checked_sub(kilobits_per_second)
            .ok_or(RegistryError::ReleaseTooLarge)?;
        Ok(())
    }

    /// Replaces the claimed rates; what contracts hold stays covered.
    pub fn set_rates(&mut self, egress: u64, ingress: u64) -> Result<()> {
        require!(
            egress >= self.committed_kilobits_per_second,
            RegistryError::RateBelowCommitted
        );
        self.claim_egress_kilobits_per_second = egress;
        self.claim_ingress_kilobits_per_second = ingress;
        Ok(())
    }

    pub fn set_bandwidth_proof_flags(&mut self, flags: u8) -> Result<()> {
        require!(
            flags & !BANDWIDTH_PROOF_ALL == 0,
            RegistryError::BandwidthFlagsInvalid
        );
        self.bandwidth_proof_flags = flags;
        Ok(())
    }

    /// Takes the node out of the market; nothing may be promised on it.
    pub fn deactivate(&mut self) -> Result<()> {
        require!(
            self.status == NodeStatus::Active,
            RegistryError::NodeNotActive
        );
        require!(
            self.committed_kilobits_per_second == 0,
            RegistryError::NodeCommitted
        );
        self.status = NodeStatus::Inactive;
        Ok(())
    }

    pub fn reactivate(&mut self) -> Result<()> {
        self.check_inactive()?;
        self.status = NodeStatus::Active;
        Ok(())
    }

    pub fn check_inactive(&self) -> Result<()> {
        require!(
            self.status == NodeStatus::Inactive,
            RegistryError::NodeActive
        );
        Ok(())
    }

    /// Egress that may be sold as guaranteed (`protocol_core::compute_sellable_rate`).
    pub fn sellable_kilobits_per_second(&self, now: i64, require_verified: bool) -> u64 {
        compute_sellable_rate(
            self.claim_egress_kilobits_per_second,
            self.verified_egress.kilobits_per_second,
            self.verified_egress.expires_at,
            now,
            require_verified,
        )
    }

    /// The class's own rules over role, rates and declarations.
    fn check_class(&self) -> Result<()> {
        let no_footprint = [[0; 32], protocol_core::empty_tree_head()];
        let declared = ClassDeclaration {
            carousel: self.carousel_hash != [0; 32],
            footprint: !no_footprint.contains(&self.footprint_root),
            metered_consent: self.metered_consent,
        };
        let (egress, ingress) = (
            self.claim_egress_kilobits_per_second,
            self.claim_ingress_kilobits_per_second,
        );
        check_class(
            self.class.into(),
            self.role.bit(),
            egress,
            ingress,
            declared,
        )
        .map_err(|error| class_error(error).into())
    }

    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        let (egress, ingress) = (
            self.claim_egress_kilobits_per_second,
            self.claim_ingress_kilobits_per_second,
        );
        require!(
            egress.max(ingress) > 0 && egress.max(ingress) <= MAX_KILOBITS_PER_SECOND,
            RegistryError::RateOutOfRange
        );
        require!(
            self.committed_kilobits_per_second <= egress,
            RegistryError::InvariantBroken
        );
        self.check_class()
    }
}

impl Endpoint {
    fn is_whole(&self) -> bool {
        self.ip != [0; 16] && self.port != 0
    }
}
