use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::{get_stack_height, TRANSACTION_LEVEL_STACK_HEIGHT};
use market::Contract;
use protocol_core::{check_evidence, parse_ed25519_pair, Ed25519Pair, EvidenceTerms, Leaf};
use solana_instructions_sysvar::{load_current_index_checked, load_instruction_at_checked};

use crate::error::SettlementError;
use crate::state::DeliveryCommitment;

/// Address of the Ed25519 program.
const ED25519_PROGRAM: Pubkey = pubkey!("Ed25519SigVerify111111111111111111111111111");

/// What the Ed25519 program has verified in the instruction before this one (security 4.3).
pub(crate) fn read_signed_pair(instructions: &AccountInfo) -> Result<Ed25519Pair> {
    // "Before this one" means something only for an instruction of the transaction itself.
    require!(
        get_stack_height() == TRANSACTION_LEVEL_STACK_HEIGHT,
        SettlementError::CallNotDirect
    );
    let invalid = SettlementError::SignatureInstructionInvalid;
    let current = load_current_index_checked(instructions).map_err(|_| invalid)?;
    let before = current.checked_sub(1).ok_or(invalid)?;
    let instruction =
        load_instruction_at_checked(usize::from(before), instructions).map_err(|_| invalid)?;
    let is_ed25519 = instruction.program_id.to_bytes() == ED25519_PROGRAM.to_bytes();
    parse_ed25519_pair(&instruction.data, instruction.accounts.len(), is_ed25519)
        .map_err(|_| invalid.into())
}

/// Token and receipt are what the leaf says, for this contract, epoch, kind and node.
pub(crate) fn validate_evidence(
    contract_address: &Pubkey,
    contract: &Contract,
    commitment: &DeliveryCommitment,
    node: &Pubkey,
    signed: &Ed25519Pair,
    leaf: &[u8],
) -> Result<()> {
    let leaf = Leaf::decode(leaf).map_err(|_| SettlementError::LeafMismatch)?;
    let slot = contract.issuer_in_force(commitment.epoch);
    let issuer = contract.issuer.get(slot).copied().unwrap_or_default();
    let terms = EvidenceTerms {
        contract: contract_address.to_bytes(),
        cluster_tag: contract.cluster_tag,
        epoch: commitment.epoch,
        epoch_end_at: contract
            .epoch_end(commitment.epoch)
            .map_err(|_| SettlementError::AmountOverflow)?,
        epoch_length_secs: contract.epoch_length_secs,
        node: node.to_bytes(),
        issuer_key: issuer.to_bytes(),
        kind: commitment.kind,
        token_grace_secs: contract.token_grace_secs,
        max_token_bytes: contract.max_token_bytes,
    };
    check_evidence(&terms, signed, &leaf)
        .map_err(|error| SettlementError::of_evidence(error).into())
}
