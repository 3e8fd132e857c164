use anchor_lang::prelude::*;

use crate::state::{Authorities, Params};

#[event]
pub struct ParamsQueued {
    /// What has to be given again to apply them.
    pub params: Params,
    pub params_hash: [u8; 32],
    pub ready_at: i64,
}

#[event]
pub struct ParamsApplied {
    pub params_hash_before: [u8; 32],
    pub params_hash_after: [u8; 32],
}

#[event]
pub struct ParamsCancelled {
    pub params_hash: [u8; 32],
}

#[event]
pub struct AuthoritiesQueued {
    /// What has to be given again to apply them.
    pub authorities: Authorities,
    pub authorities_hash: [u8; 32],
    pub ready_at: i64,
}

#[event]
pub struct AuthoritiesApplied {
    pub authorities_before: Authorities,
    pub authorities_after: Authorities,
}

#[event]
pub struct AuthoritiesCancelled {
    pub authorities_hash: [u8; 32],
}

#[event]
pub struct Paused {
    pub authority: Pubkey,
    pub bits: u16,
    pub started_at: i64,
    pub until: i64,
}

#[event]
pub struct Unpaused {
    pub authority: Pubkey,
    pub bits: u16,
    pub until_before: i64,
    pub until_after: i64,
}
