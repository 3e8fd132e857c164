use anchor_lang::prelude::*;
use anchor_spl::token_interface::Mint;
use registry::{ACCOUNT_VERSION, RESERVED_BYTES};

use crate::auction_events::PriceHistoryOpened;
use crate::constants::{PRICE_HISTORY_LENGTH, PRICE_HISTORY_SEED};
use crate::state::{check_methods, compute_market_key, Clearing, Footprint, PriceHistory};

#[derive(AnchorSerialize, AnchorDeserialize, Clone)]
pub struct OpenPriceHistoryArgs {
    pub footprint: Footprint,
    /// Bits: 1 unicast, 2 multicast.
    pub delivery_methods: u8,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: OpenPriceHistoryArgs)]
pub struct OpenPriceHistory<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        init,
        payer = payer,
        space = 8 + PriceHistory::INIT_SPACE,
        seeds = [
            PRICE_HISTORY_SEED,
            &compute_market_key(&args.footprint, args.delivery_methods, &mint.key())
        ],
        bump
    )]
    pub price_history: Box<Account<'info, PriceHistory>>,
    pub system_program: Program<'info, System>,
}

pub fn handle_open_price_history(
    ctx: Context<OpenPriceHistory>,
    args: OpenPriceHistoryArgs,
) -> Result<()> {
    args.footprint.validate()?;
    check_methods(args.delivery_methods)?;
    let mint = ctx.accounts.mint.key();
    let history = &mut ctx.accounts.price_history;
    history.version = ACCOUNT_VERSION;
    history.bump = ctx.bumps.price_history;
    history.footprint = args.footprint;
    history.delivery_methods = args.delivery_methods;
    history.mint = mint;
    history.clearings = [Clearing::default(); PRICE_HISTORY_LENGTH];
    history.reserved = [0; RESERVED_BYTES];
    emit_cpi!(PriceHistoryOpened {
        price_history: history.key(),
        footprint: args.footprint,
        delivery_methods: args.delivery_methods,
        mint,
    });
    Ok(())
}
