//! Makes an account at one of this program's addresses: what Anchor's `init` does, for two thirds of its units
//! (docs/decisions/0060).

use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::{AccountMeta, Instruction};
use anchor_lang::solana_program::program::invoke_signed_unchecked;
use anchor_lang::system_program;

/// Everyone's rent counts two years; the sysvar states it as a floating-point number, which the virtual machine lacks.
const EXEMPTION_YEARS: u64 = 2;
/// Bytes that every account is charged for beside its data.
const ACCOUNT_OVERHEAD_BYTES: u64 = 128;
/// Number of `CreateAccount` among the system program's instructions.
const CREATE_ACCOUNT: [u8; 4] = [0; 4];

/// Who pays for a new account, and where it comes to lie.
pub(crate) struct NewAccount<'a, 'info> {
    pub payer: &'a AccountInfo<'info>,
    pub account: &'a AccountInfo<'info>,
    pub space: usize,
    /// Those of its address, with the bump.
    pub seeds: &'a [&'a [u8]],
}

impl<'info> NewAccount<'_, 'info> {
    /// The account is this program's afterwards, and zero. Fails where there is one already.
    pub fn create(&self) -> Result<()> {
        let lamports = minimum_balance(&Rent::get()?, self.space)?;
        match self.account.lamports() {
            0 => self.create_with(lamports),
            present => self.take_over(lamports.saturating_sub(present)),
        }
    }

    fn create_with(&self, lamports: u64) -> Result<()> {
        let mut data = Vec::with_capacity(52);
        data.extend_from_slice(&CREATE_ACCOUNT);
        data.extend_from_slice(&lamports.to_le_bytes());
        data.extend_from_slice(&(self.space as u64).to_le_bytes());
        data.extend_from_slice(crate::ID.as_ref());
        let instruction = Instruction {
            program_id: system_program::ID,
            accounts: vec![
                AccountMeta::new(*self.payer.key, true),
                AccountMeta::new(*self.account.key, true),
            ],
            data,
        };
        // Unchecked as to borrows: nothing of either account is borrowed here.
        let accounts = [self.payer.clone(), self.account.clone()];
        invoke_signed_unchecked(&instruction, &accounts, &[self.seeds]).map_err(Into::into)
    }

    /// Anyone may send lamports ahead; they must not keep the account from coming to be.
    fn take_over(&self, missing: u64) -> Result<()> {
        if missing > 0 {
            let accounts = system_program::Transfer {
                from: self.payer.clone(),
                to: self.account.clone(),
            };
            let context = CpiContext::new(system_program::ID, accounts);
            system_program::transfer(context, missing)?;
        }
        let signer: &[&[&[u8]]] = &[self.seeds];
        let account_to_allocate = self.account.clone();
        let accounts = system_program::Allocate {
            account_to_allocate,
        };
        let context = CpiContext::new_with_signer(system_program::ID, accounts, signer);
        system_program::allocate(context, self.space as u64)?;
        let account_to_assign = self.account.clone();
        let accounts = system_program::Assign { account_to_assign };
        let context = CpiContext::new_with_signer(system_program::ID, accounts, signer);
        system_program::assign(context, &crate::ID)
    }
}

/// Lamports that keep `space` bytes for ever.
fn minimum_balance(rent: &Rent, space: usize) -> Result<u64> {
    #[allow(deprecated)]
    if rent.exemption_threshold.to_bits() != (EXEMPTION_YEARS as f64).to_bits() {
        return Ok(rent.minimum_balance(space));
    }
    let bytes = ACCOUNT_OVERHEAD_BYTES.checked_add(space as u64);
    #[allow(deprecated)]
    let lamports = bytes
        .and_then(|bytes| bytes.checked_mul(rent.lamports_per_byte_year))
        .and_then(|lamports| lamports.checked_mul(EXEMPTION_YEARS));
    lamports.ok_or_else(|| ProgramError::ArithmeticOverflow.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(deprecated)]
    fn the_rent_is_that_of_the_sysvar_with_two_years_or_more() {
        let mut rent = Rent::default();
        for space in [0, 8, 490, 10_000] {
            assert_eq!(
                minimum_balance(&rent, space).unwrap(),
                rent.minimum_balance(space)
            );
        }
        rent.exemption_threshold = 3.5;
        assert_eq!(
            minimum_balance(&rent, 490).unwrap(),
            rent.minimum_balance(490)
        );
    }

    #[test]
    #[allow(deprecated)]
    fn a_rent_beyond_what_can_be_counted_is_refused() {
        let rent = Rent {
            lamports_per_byte_year: u64::MAX,
            ..Rent::default()
        };
        minimum_balance(&rent, 490).unwrap_err();
    }
}
