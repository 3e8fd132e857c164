//! The calls that make a licence: one Token-2022 mint that is its own authority, and gives that up for all but burning
//! and closing.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::{
    instruction::Instruction, program::invoke_signed, system_instruction,
};
use anchor_spl::associated_token::spl_associated_token_account::instruction::create_associated_token_account;
use anchor_spl::token_2022::spl_token_2022::{
    extension::metadata_pointer,
    instruction::{self as token, AuthorityType},
    ID as TOKEN_2022_ID,
};
use anchor_spl::token_2022_extensions::spl_token_metadata_interface::{
    instruction as metadata,
    state::{Field, TokenMetadata},
};

use crate::state::{licence_space, LICENCE_MINT_SPACE};

pub struct LicenceToken<'a, 'info> {
    pub payer: &'a AccountInfo<'info>,
    pub holder: &'a AccountInfo<'info>,
    pub mint: &'a AccountInfo<'info>,
    pub token_account: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
    pub system_program: &'a AccountInfo<'info>,
    /// Seeds of the mint's address with its bump.
    pub seeds: &'a [&'a [u8]],
}

impl LicenceToken<'_, '_> {
    /// Creates the mint with its metadata, issues the one token there will be, and drops the authorities over both.
    pub fn issue(&self, metadata: TokenMetadata) -> Result<()> {
        self.create_account(licence_space(&metadata)?)?;
        self.initialize_mint()?;
        self.write_metadata(metadata)?;
        let (mint, holder, token_account) =
            (self.mint.key, self.holder.key, self.token_account.key);
        let accounts = [self.payer, self.token_account, self.holder, self.mint];
        let programs = [self.system_program, self.token_program];
        let create = create_associated_token_account(self.payer.key, holder, mint, &TOKEN_2022_ID);
        self.call(&create, &[&accounts[..], &programs[..]].concat())?;
        let issue = token::mint_to(&TOKEN_2022_ID, mint, token_account, mint, &[], 1)?;
        self.call(&issue, &[self.mint, self.token_account])?;
        let drop_minting = token::set_authority(
            &TOKEN_2022_ID,
            mint,
            None,
            AuthorityType::MintTokens,
            mint,
            &[],
        )?;
        self.call(&drop_minting, &[self.mint])
    }

    /// Step by step, so that lamports which a stranger sent to the address ahead cannot stop it. The rent is that of the
    /// mint with its metadata, for which Token-2022 makes room itself.
    fn create_account(&self, space: usize) -> Result<()> {
        let (payer, mint) = (self.payer.key, self.mint.key);
        let missing = Rent::get()?
            .minimum_balance(space)
            .saturating_sub(self.mint.lamports());
        let fund = system_instruction::transfer(payer, mint, missing);
        self.call(&fund, &[self.payer, self.mint])?;
        let allocate = system_instruction::allocate(mint, LICENCE_MINT_SPACE);
        self.call(&allocate, &[self.mint])?;
        let assign = system_instruction::assign(mint, &TOKEN_2022_ID);
        self.call(&assign, &[self.mint])
    }

    /// Extensions first: Token-2022 takes none once the mint is initialised.
    fn initialize_mint(&self) -> Result<()> {
        let mint = self.mint.key;
        for instruction in [
            metadata_pointer::instruction::initialize(&TOKEN_2022_ID, mint, None, Some(*mint))?,
            token::initialize_non_transferable_mint(&TOKEN_2022_ID, mint)?,
            token::initialize_permanent_delegate(&TOKEN_2022_ID, mint, mint)?,
            token::initialize_mint_close_authority(&TOKEN_2022_ID, mint, Some(mint))?,
            token::initialize_mint2(&TOKEN_2022_ID, mint, mint, None, 0)?,
        ] {
            self.call(&instruction, &[self.mint])?;
        }
        Ok(())
    }

    fn write_metadata(&self, written: TokenMetadata) -> Result<()> {
        let mint = self.mint.key;
        let TokenMetadata {
            name, symbol, uri, ..
        } = written;
        let initialize =
            metadata::initialize(&TOKEN_2022_ID, mint, mint, mint, mint, name, symbol, uri);
        self.call(&initialize, &[self.mint])?;
        for (key, value) in written.additional_metadata {
            let update = metadata::update_field(&TOKEN_2022_ID, mint, mint, Field::Key(key), value);
            self.call(&update, &[self.mint])?;
        }
        let nobody = written.update_authority;
        let freeze = metadata::update_authority(&TOKEN_2022_ID, mint, mint, nobody);
        self.call(&freeze, &[self.mint])
    }

    fn call(&self, instruction: &Instruction, accounts: &[&AccountInfo]) -> Result<()> {
        let infos: Vec<AccountInfo> = accounts.iter().map(|info| (*info).clone()).collect();
        invoke_signed(instruction, &infos, &[self.seeds]).map_err(Into::into)
    }
}
