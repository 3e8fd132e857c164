use crate::CoreError;

/// Roles of a node as bits: CAST, RELAY, CDN.
pub const ROLE_CAST: u8 = 1;
pub const ROLE_RELAY: u8 = 1 << 1;
pub const ROLE_CDN: u8 = 1 << 2;

/// What carries a node's bytes; the number is the value on chain, 0 is what nodes were before there were classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CapacityClass {
    /// Addressed traffic over the internet.
    Unicast = 0,
    /// Native IP multicast with unicast repair.
    Multicast = 1,
    /// Terrestrial broadcast, ATSC 3.0.
    Atsc3 = 2,
    /// Satellite broadcast, DVB-S2X.
    Satellite = 3,
    /// A node on a mobile access line.
    Mobile = 4,
    /// A node in a household.
    InHome = 5,
}

/// The limits of one class (docs/decisions/0030 gives the reasons of the numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassLimits {
    pub max_egress_kilobits_per_second: u64,
    /// 0: nothing comes back, so the class is one-way.
    pub max_ingress_kilobits_per_second: u64,
    /// Bits of the roles that a node of the class may have.
    pub roles: u8,
    /// Receivers cannot ask again: what is sent must come round.
    pub needs_carousel: bool,
    /// Who is reached cannot be learned from requests, so it has to be stated.
    pub needs_footprint: bool,
    /// Somebody pays for these bytes by volume and has to agree.
    pub needs_metered_consent: bool,
    /// Whether contracts of addressed deliveries may bind it.
    pub sells_unicast: bool,
}

/// What a node declares about itself beyond its rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassDeclaration {
    pub carousel: bool,
    pub footprint: bool,
    pub metered_consent: bool,
}

const ANY_ROLE: u8 = ROLE_CAST | ROLE_RELAY | ROLE_CDN;

/// Two-way, of every role, nothing to declare: the other classes differ from it.
const UNICAST: ClassLimits = ClassLimits {
    max_egress_kilobits_per_second: 100_000_000_000,
    max_ingress_kilobits_per_second: 100_000_000_000,
    roles: ANY_ROLE,
    needs_carousel: false,
    needs_footprint: false,
    needs_metered_consent: false,
    sells_unicast: true,
};

const BROADCAST: ClassLimits = ClassLimits {
    max_egress_kilobits_per_second: 0,
    max_ingress_kilobits_per_second: 0,
    roles: ROLE_CAST,
    needs_carousel: true,
    needs_footprint: true,
    needs_metered_consent: false,
    sells_unicast: false,
};

impl CapacityClass {
    /// Error: [`CoreError::CapacityClassUnknown`].
    pub fn from_u8(value: u8) -> Result<Self, CoreError> {
        match value {
            0 => Ok(Self::Unicast),
            1 => Ok(Self::Multicast),
            2 => Ok(Self::Atsc3),
            3 => Ok(Self::Satellite),
            4 => Ok(Self::Mobile),
            5 => Ok(Self::InHome),
            _ => Err(CoreError::CapacityClassUnknown),
        }
    }

    pub const fn limits(self) -> ClassLimits {
        match self {
            Self::Unicast => UNICAST,
            Self::Multicast => ClassLimits {
                max_egress_kilobits_per_second: 100_000_000,
                max_ingress_kilobits_per_second: 100_000_000,
                roles: ROLE_CAST | ROLE_RELAY,
                needs_footprint: true,
                ..UNICAST
            },
            Self::Atsc3 => ClassLimits {
                max_egress_kilobits_per_second: 57_000,
                ..BROADCAST
            },
            Self::Satellite => ClassLimits {
                max_egress_kilobits_per_second: 400_000,
                ..BROADCAST
            },
            Self::Mobile => ClassLimits {
                max_egress_kilobits_per_second: 200_000,
                max_ingress_kilobits_per_second: 1_000_000,
                roles: ROLE_RELAY,
                needs_metered_consent: true,
                ..UNICAST
            },
            Self::InHome => ClassLimits {
                max_egress_kilobits_per_second: 1_000_000,
                max_ingress_kilobits_per_second: 1_000_000,
                roles: ROLE_RELAY,
                ..UNICAST
            },
        }
    }
}

/// Whether a node may claim these rates in this class. `role` is one of the role bits.
///
/// Errors: [`CoreError::ClassRoleForbidden`], [`CoreError::ClassRateTooHigh`], [`CoreError::CarouselMissing`],
/// [`CoreError::FootprintMissing`], [`CoreError::MeteredConsentMissing`].
pub fn check_class(
    class: CapacityClass,
    role: u8,
    egress_kilobits_per_second: u64,
    ingress_kilobits_per_second: u64,
    declared: ClassDeclaration,
) -> Result<(), CoreError> {
    let limits = class.limits();
    if limits.roles & role == 0 {
        return Err(CoreError::ClassRoleForbidden);
    }
    if egress_kilobits_per_second > limits.max_egress_kilobits_per_second
        || ingress_kilobits_per_second > limits.max_ingress_kilobits_per_second
    {
        return Err(CoreError::ClassRateTooHigh);
    }
    if limits.needs_carousel && !declared.carousel {
        return Err(CoreError::CarouselMissing);
    }
    if limits.needs_footprint && !declared.footprint {
        return Err(CoreError::FootprintMissing);
    }
    if limits.needs_metered_consent && !declared.metered_consent {
        return Err(CoreError::MeteredConsentMissing);
    }
    Ok(())
}

/// What may be sold as guaranteed: `min(claim, verified)` while the measurement lasts. Without one the claim stands,
/// unless the buyer requires a measurement: then nothing does.
pub fn compute_sellable_rate(
    claim_kilobits_per_second: u64,
    verified_kilobits_per_second: u64,
    expires_at: i64,
    now: i64,
    require_verified: bool,
) -> u64 {
    if now < expires_at {
        return claim_kilobits_per_second.min(verified_kilobits_per_second);
    }
    if require_verified {
        0
    } else {
        claim_kilobits_per_second
    }
}
