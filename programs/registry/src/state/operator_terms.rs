use anchor_lang::prelude::*;

use crate::constants::{BASIS_POINTS, MAX_KILOBITS_PER_SECOND, RESERVED_BYTES};
use crate::error::RegistryError;
use crate::state::{check_version, Node};

const KNOWN_CLASSES: u8 = 0b11_1111;

/// What an operator asks of nodes in its network.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct NetworkTerms {
    /// SHA-256 of the text, which lies wherever readers can fetch it by this hash.
    pub terms_hash: [u8; 32],
    /// Least share of a contract's revenue for the host of a node.
    pub min_host_share_basis_points: u16,
    /// Bit n: nodes of capacity class n are welcome.
    pub allowed_classes: u8,
    pub max_kilobits_per_second_per_node: u64,
    /// Whether the operator wants to be asked before a node stands in its network.
    pub requires_consent: bool,
}

/// An operator's terms for one network, at `["terms", participant, asn]`. Whether the network is the
/// operator's is not proved here: readers compare with the routing registries.
#[account]
#[derive(InitSpace)]
pub struct OperatorTerms {
    pub version: u8,
    pub bump: u8,
    pub participant: Pubkey,
    pub asn: u32,
    pub terms: NetworkTerms,
    pub published_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
}

/// An operator's consent to one node, at `["consent", node, participant]`: information that buyers may
/// require, never a gate of registration.
#[account]
#[derive(InitSpace)]
pub struct NodeConsent {
    pub version: u8,
    pub bump: u8,
    pub node: Pubkey,
    /// Participant account of the operator that consents.
    pub participant: Pubkey,
    pub asn: u32,
    /// Of the terms under which consent was given; other terms need it anew.
    pub terms_hash: [u8; 32],
    pub granted_at: i64,
    pub reserved: [u8; RESERVED_BYTES],
}

impl OperatorTerms {
    /// Whether these terms speak of the node and welcome it.
    pub fn check_node(&self, node: &Node) -> Result<()> {
        require!(node.asn == self.asn, RegistryError::NodeOutsideNetwork);
        let rate = node
            .claim_egress_kilobits_per_second
            .max(node.claim_ingress_kilobits_per_second);
        require!(
            self.terms.allowed_classes & node.class.bit() != 0
                && rate <= self.terms.max_kilobits_per_second_per_node,
            RegistryError::NodeOutsideTerms
        );
        Ok(())
    }

    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        let NetworkTerms {
            terms_hash,
            min_host_share_basis_points,
            allowed_classes,
            max_kilobits_per_second_per_node,
            ..
        } = self.terms;
        require!(
            self.asn != 0
                && terms_hash != [0; 32]
                && min_host_share_basis_points <= BASIS_POINTS
                && allowed_classes != 0
                && allowed_classes & !KNOWN_CLASSES == 0
                && (1..=MAX_KILOBITS_PER_SECOND).contains(&max_kilobits_per_second_per_node),
            RegistryError::TermsInvalid
        );
        Ok(())
    }
}
