use anchor_lang::prelude::*;
use protocol_core::CoreError;

use crate::error::RegistryError;
use crate::state::NodeRole;

/// What carries the node's bytes; `protocol_core::CapacityClass` holds the limits.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityClass {
    Unicast,
    Multicast,
    Atsc3,
    Satellite,
    Mobile,
    InHome,
}

impl NodeRole {
    pub(super) fn bit(self) -> u8 {
        match self {
            Self::Cast => protocol_core::ROLE_CAST,
            Self::Relay => protocol_core::ROLE_RELAY,
            Self::Cdn => protocol_core::ROLE_CDN,
        }
    }
}

impl CapacityClass {
    pub fn limits(self) -> protocol_core::ClassLimits {
        protocol_core::CapacityClass::from(self).limits()
    }

    /// The class's bit in a set of classes.
    pub fn bit(self) -> u8 {
        match self {
            Self::Unicast => 1,
            Self::Multicast => 1 << 1,
            Self::Atsc3 => 1 << 2,
            Self::Satellite => 1 << 3,
            Self::Mobile => 1 << 4,
            Self::InHome => 1 << 5,
        }
    }
}

impl From<CapacityClass> for protocol_core::CapacityClass {
    fn from(class: CapacityClass) -> Self {
        match class {
            CapacityClass::Unicast => Self::Unicast,
            CapacityClass::Multicast => Self::Multicast,
            CapacityClass::Atsc3 => Self::Atsc3,
            CapacityClass::Satellite => Self::Satellite,
            CapacityClass::Mobile => Self::Mobile,
            CapacityClass::InHome => Self::InHome,
        }
    }
}

pub(super) fn class_error(error: CoreError) -> RegistryError {
    match error {
        CoreError::ClassRoleForbidden => RegistryError::ClassRoleForbidden,
        CoreError::ClassRateTooHigh => RegistryError::ClassRateTooHigh,
        CoreError::CarouselMissing => RegistryError::CarouselMissing,
        CoreError::FootprintMissing => RegistryError::FootprintMissing,
        CoreError::MeteredConsentMissing => RegistryError::MeteredConsentMissing,
        _ => RegistryError::InvariantBroken,
    }
}
