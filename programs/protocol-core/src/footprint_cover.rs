use crate::{Footprint, FootprintKind};

impl Footprint {
    /// Whether every client of `other` is one of this footprint, as far as the encodings alone can tell: an
    /// autonomous system's prefixes are not on chain, so an ASN covers only itself. Both are canonical.
    pub fn covers(&self, other: &Footprint) -> bool {
        if self == other {
            return true;
        }
        match (
            FootprintKind::from_u8(self.kind),
            FootprintKind::from_u8(other.kind),
        ) {
            (Ok(FootprintKind::Any), Ok(_)) => true,
            (Ok(FootprintKind::Ipv4Cidr), Ok(FootprintKind::Ipv4Cidr))
            | (Ok(FootprintKind::Ipv6Cidr), Ok(FootprintKind::Ipv6Cidr)) => {
                self.prefix_length <= other.prefix_length && self.shares_prefix(other)
            }
            // ISO 3166-2 codes begin with the country's.
            (Ok(FootprintKind::CountryCode), Ok(FootprintKind::SubdivisionCode)) => {
                self.value[..2] == other.value[..2]
            }
            _ => false,
        }
    }

    /// Whether the first `prefix_length` bits of this prefix are equal in `other`.
    fn shares_prefix(&self, other: &Footprint) -> bool {
        let differing = u128::from_be_bytes(self.value) ^ u128::from_be_bytes(other.value);
        let kept = 128u32.saturating_sub(u32::from(self.prefix_length));
        differing.checked_shr(kept).unwrap_or(0) == 0
    }
}
