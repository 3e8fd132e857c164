use crate::bytes::take;
use crate::record_tree::{hash_record, verify_audit_path, AuditPath};
use crate::{CoreError, Hash};

/// Encoded length: kind, prefix length, value.
pub const FOOTPRINT_BYTES: usize = 18;

/// Footprint types of RFC 8006 4.3.8 and RFC 9388 2.1, plus `Any`; the number is the wire value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FootprintKind {
    Any = 0,
    /// Value: the network address in bytes 0..4.
    Ipv4Cidr = 1,
    /// Value: the network address.
    Ipv6Cidr = 2,
    /// Value: the number, big-endian, in bytes 0..4.
    Asn = 3,
    /// Value: ISO 3166-1 alpha-2, lowercase ASCII.
    CountryCode = 4,
    /// Value: ISO 3166-2, lowercase ASCII, `us-ny`.
    SubdivisionCode = 5,
}

impl FootprintKind {
    pub fn from_u8(value: u8) -> Result<Self, CoreError> {
        match value {
            0 => Ok(Self::Any),
            1 => Ok(Self::Ipv4Cidr),
            2 => Ok(Self::Ipv6Cidr),
            3 => Ok(Self::Asn),
            4 => Ok(Self::CountryCode),
            5 => Ok(Self::SubdivisionCode),
            _ => Err(CoreError::FootprintNotCanonical),
        }
    }
}

/// Where a node can serve. Only the canonical form is valid: one set of clients has one encoding, so that
/// comparing bytes finds every duplicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Footprint {
    /// See [`FootprintKind`].
    pub kind: u8,
    /// Leading bits of a CIDR; zero for every other kind.
    pub prefix_length: u8,
    pub value: [u8; 16],
}

impl Footprint {
    /// Whether this is the one valid encoding: known kind, no host bits, unused bytes zero, lowercase codes.
    pub fn is_canonical(&self) -> bool {
        self.check().is_ok()
    }

    /// As [`Footprint::is_canonical`], for use with `?`. Error: [`CoreError::FootprintNotCanonical`].
    pub fn check(&self) -> Result<(), CoreError> {
        let canonical = match FootprintKind::from_u8(self.kind)? {
            FootprintKind::Any => self.prefix_length == 0 && is_zero(&self.value),
            FootprintKind::Ipv4Cidr => {
                self.prefix_length <= 32 && is_zero_after_bit(&self.value, self.prefix_length)
            }
            FootprintKind::Ipv6Cidr => {
                self.prefix_length <= 128
                    && is_zero_after_bit(&self.value, self.prefix_length)
                    && !self.is_mapped_ipv4()
            }
            FootprintKind::Asn => {
                self.prefix_length == 0 && !is_zero(&self.value[..4]) && is_zero(&self.value[4..])
            }
            FootprintKind::CountryCode => {
                self.prefix_length == 0
                    && self.value[..2].iter().all(u8::is_ascii_lowercase)
                    && is_zero(&self.value[2..])
            }
            FootprintKind::SubdivisionCode => self.prefix_length == 0 && self.is_subdivision(),
        };
        if canonical {
            Ok(())
        } else {
            Err(CoreError::FootprintNotCanonical)
        }
    }

    pub fn encode(&self) -> [u8; FOOTPRINT_BYTES] {
        let mut bytes = [0u8; FOOTPRINT_BYTES];
        bytes[0] = self.kind;
        bytes[1] = self.prefix_length;
        bytes[2..].copy_from_slice(&self.value);
        bytes
    }

    /// Errors: [`CoreError::LengthWrong`], [`CoreError::FootprintNotCanonical`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CoreError> {
        if bytes.len() != FOOTPRINT_BYTES {
            return Err(CoreError::LengthWrong);
        }
        let [kind, prefix_length] = take(bytes, 0)?;
        let footprint = Self {
            kind,
            prefix_length,
            value: take(bytes, 2)?,
        };
        footprint.check()?;
        Ok(footprint)
    }

    /// `::ffff:0:0/96` and longer name IPv4 hosts, which have their own kind.
    fn is_mapped_ipv4(&self) -> bool {
        self.prefix_length >= 96 && is_zero(&self.value[..10]) && self.value[10..12] == [0xff, 0xff]
    }

    /// `cc-` and 1 to 3 letters or digits, then zeros.
    fn is_subdivision(&self) -> bool {
        let (code, rest) = self.value.split_at(6);
        let length = code.iter().take_while(|byte| **byte != 0).count();
        length >= 4
            && code[..2].iter().all(u8::is_ascii_lowercase)
            && code[2] == b'-'
            && code[3..length]
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && is_zero(&code[length..])
            && is_zero(rest)
    }
}

/// Inclusion of a canonical footprint in a node's `footprint_root`, the RFC 9162 tree head over the encodings in
/// ascending order.
///
/// Errors: [`CoreError::FootprintNotCanonical`] and those of [`verify_audit_path`].
pub fn verify_footprint(
    root: &Hash,
    footprint: &Footprint,
    proof: &AuditPath<'_>,
) -> Result<(), CoreError> {
    footprint.check()?;
    verify_audit_path(root, &hash_record(&footprint.encode()), proof)
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// Whether all bits from `bit` on are zero.
fn is_zero_after_bit(bytes: &[u8; 16], bit: u8) -> bool {
    u128::from_be_bytes(*bytes)
        .checked_shl(u32::from(bit))
        .unwrap_or(0)
        == 0
}
