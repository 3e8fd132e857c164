use anchor_lang::prelude::*;

use crate::constants::{BASIS_POINTS, MAX_POOL_MEMBERS, RESERVED_BYTES};
use crate::error::RegistryError;
use crate::state::check_version;

#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub enum PoolMemberStatus {
    #[default]
    Invited,
    Accepted,
    Left,
}

/// One member's share; the default participant marks a free place.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct PoolMember {
    pub participant: Pubkey,
    pub basis_points: u16,
    pub status: PoolMemberStatus,
}

/// Operators that sell together, at `["pool", creator, index]`. It holds no money: an offer copies the
/// shares into its splits, and a contract keeps the splits it was signed with (docs/decisions/0033).
#[account]
#[derive(InitSpace)]
pub struct Pool {
    pub version: u8,
    pub bump: u8,
    /// Participant account of who proposes the shares.
    pub creator: Pubkey,
    pub index: u32,
    /// Grows with every proposal: consent is to the shares of one revision.
    pub revision: u32,
    /// Used places come first.
    pub members: [PoolMember; MAX_POOL_MEMBERS],
    pub reserved: [u8; RESERVED_BYTES],
}

impl Pool {
    /// Replaces members and shares; everybody but the creator has to agree anew.
    pub fn propose(&mut self, shares: &[(Pubkey, u16)]) -> Result<()> {
        require!(
            (2..=MAX_POOL_MEMBERS).contains(&shares.len()),
            RegistryError::PoolMemberInvalid
        );
        let named = shares
            .iter()
            .all(|(participant, _)| *participant != Pubkey::default());
        require!(named, RegistryError::PoolMemberInvalid);
        let mut members = [PoolMember::default(); MAX_POOL_MEMBERS];
        for (place, (participant, basis_points)) in members.iter_mut().zip(shares) {
            *place = PoolMember {
                participant: *participant,
                basis_points: *basis_points,
                status: if *participant == self.creator {
                    PoolMemberStatus::Accepted
                } else {
                    PoolMemberStatus::Invited
                },
            };
        }
        self.members = members;
        self.revision = self
            .revision
            .checked_add(1)
            .ok_or(RegistryError::CounterOutOfRange)?;
        Ok(())
    }

    /// A member's consent to the shares it has read.
    pub fn accept(&mut self, participant: &Pubkey, revision: u32) -> Result<()> {
        require!(revision == self.revision, RegistryError::PoolRevisionWrong);
        let member = self.member_mut(participant)?;
        require!(
            member.status != PoolMemberStatus::Accepted,
            RegistryError::PoolConsentGiven
        );
        member.status = PoolMemberStatus::Accepted;
        Ok(())
    }

    /// Ends a member's consent; from here on the pool makes no offers until shares are proposed anew.
    pub fn leave(&mut self, participant: &Pubkey) -> Result<()> {
        let member = self.member_mut(participant)?;
        require!(
            member.status != PoolMemberStatus::Left,
            RegistryError::NotPoolMember
        );
        member.status = PoolMemberStatus::Left;
        Ok(())
    }

    /// Whether every member agrees to its share, so that offers may carry the shares as splits.
    pub fn is_complete(&self) -> bool {
        self.used()
            .all(|member| member.status == PoolMemberStatus::Accepted)
    }

    pub fn invariant(&self) -> Result<()> {
        check_version(self.version)?;
        let mut sum = 0u16;
        for (place, member) in self.used().enumerate() {
            require!(member.basis_points > 0, RegistryError::PoolMemberInvalid);
            let earlier = self.used().take(place);
            let duplicate = earlier
                .map(|other| other.participant)
                .any(|other| other == member.participant);
            require!(!duplicate, RegistryError::PoolMemberInvalid);
            sum = sum
                .checked_add(member.basis_points)
                .ok_or(RegistryError::PoolSharesSumWrong)?;
        }
        require!(sum == BASIS_POINTS, RegistryError::PoolSharesSumWrong);
        Ok(())
    }

    fn used(&self) -> impl Iterator<Item = &PoolMember> {
        self.members
            .iter()
            .take_while(|member| member.participant != Pubkey::default())
    }

    fn member_mut(&mut self, participant: &Pubkey) -> Result<&mut PoolMember> {
        self.members
            .iter_mut()
            .find(|member| member.participant == *participant)
            .ok_or_else(|| RegistryError::NotPoolMember.into())
    }
}
