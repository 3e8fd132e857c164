use anchor_lang::prelude::*;

use crate::constants::{MAX_SLA_TIERS, MAX_SPLITS};
use crate::error::MarketError;

/// Canonical CDNi footprint (RFC 8006 4.2.2.2); kinds 0 any, 1 ipv4cidr, 2 ipv6cidr, 3 asn,
/// 4 countrycode, 5 subdivisioncode.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct Footprint {
    pub kind: u8,
    /// Leading bits of a CIDR; 0 for every other kind.
    pub prefix_length: u8,
    pub value: [u8; 16],
}

impl Footprint {
    /// Only one encoding per set of clients, so that equal footprints are equal bytes.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.to_core().is_canonical(),
            MarketError::FootprintNotCanonical
        );
        Ok(())
    }

    /// The same footprint for the rules of `protocol-core`.
    pub fn to_core(&self) -> protocol_core::Footprint {
        protocol_core::Footprint {
            kind: self.kind,
            prefix_length: self.prefix_length,
            value: self.value,
        }
    }
}

/// One step of a penalty scale; 0 basis points = unused place.
#[zero_copy(unsafe)]
#[repr(C, packed)]
#[derive(InitSpace, Debug, Default, PartialEq, Eq)]
pub struct SlaTier {
    /// 0 availability (below), 1 error (above), 2 ttfb (above), 3 stall (above the threshold).
    pub metric: u8,
    /// Parts per million; for ttfb milliseconds.
    pub threshold: u32,
    pub basis_points: u16,
}

/// Service level terms: the worst matching tier of each metric counts, summed, capped.
#[zero_copy(unsafe)]
#[repr(C, packed)]
#[derive(InitSpace, Debug, Default, PartialEq, Eq)]
pub struct Sla {
    pub quorum: u8,
    pub max_penalty_basis_points: u16,
    pub severe_basis_points: u16,
    pub slash_basis_points: u16,
    pub tiers: [SlaTier; MAX_SLA_TIERS],
}

/// Fields of packed types have no references, so that Borsh takes them as tuples of copies.
macro_rules! borsh_as_tuple {
    ($name:ident { $($field:ident),+ }) => {
        impl AnchorSerialize for $name {
            fn serialize<W: std::io::Write>(&self, writer: &mut W) -> std::io::Result<()> {
                let Self { $($field),+ } = *self;
                ($($field),+,).serialize(writer)
            }
        }

        impl AnchorDeserialize for $name {
            fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
                let ($($field),+,) = AnchorDeserialize::deserialize_reader(reader)?;
                Ok(Self { $($field),+ })
            }
        }
    };
}
borsh_as_tuple!(SlaTier {
    metric,
    threshold,
    basis_points
});
borsh_as_tuple!(Sla {
    quorum,
    max_penalty_basis_points,
    severe_basis_points,
    slash_basis_points,
    tiers
});
borsh_as_tuple!(Split {
    payee,
    basis_points
});

impl Sla {
    pub fn validate(&self) -> Result<()> {
        protocol_core::check_sla(&self.to_core()).map_err(|_| MarketError::SlaInvalid.into())
    }

    /// The same terms for the rules of `protocol-core`.
    pub fn to_core(&self) -> protocol_core::Sla {
        protocol_core::Sla {
            quorum: self.quorum,
            max_penalty_basis_points: self.max_penalty_basis_points,
            severe_basis_points: self.severe_basis_points,
            slash_basis_points: self.slash_basis_points,
            tiers: self.tiers.map(|tier| protocol_core::SlaTier {
                metric: tier.metric,
                threshold: tier.threshold,
                basis_points: tier.basis_points,
            }),
        }
    }
}

/// One payee's share of what is left after the fee.
#[zero_copy(unsafe)]
#[repr(C, packed)]
#[derive(InitSpace, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Owner of the token account that receives the share.
    pub payee: Pubkey,
    pub basis_points: u16,
}

/// Checks the splits of an offer and lays them into their fixed places; returns how many there are.
pub fn place_splits(splits: &[Split]) -> Result<([Split; MAX_SPLITS], u8)> {
    let basis_points: Vec<u16> = splits.iter().map(|split| split.basis_points).collect();
    protocol_core::check_splits(&basis_points).map_err(|_| MarketError::SplitsInvalid)?;
    let mut placed = [Split::default(); MAX_SPLITS];
    for (place, split) in placed.iter_mut().zip(splits) {
        require_keys_neq!(split.payee, Pubkey::default(), MarketError::PayeeMissing);
        *place = *split;
    }
    let count = u8::try_from(splits.len()).map_err(|_| MarketError::SplitsInvalid)?;
    Ok((placed, count))
}
