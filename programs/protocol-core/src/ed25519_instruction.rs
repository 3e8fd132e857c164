//! The data of an instruction of the Ed25519 program, accepted in exactly one layout (security 4.3).
//!
//! The program verifies signatures wherever the offsets of its header point, even into another instruction. A reader that
//! takes key and message from fixed places must therefore know that the offsets named exactly these places.
use crate::bytes::{take, take_u16};
use crate::{CoreError, COSIGN_BYTES, RECEIPT_BYTES, TOKEN_BYTES};

/// Length of the instruction data with a token and a receipt.
pub const ED25519_PAIR_BYTES: usize = 494;
/// Length of the instruction data with one co-signature.
pub const ED25519_COSIGN_BYTES: usize = 240;

const HEADER_BYTES: usize = 2;
const DESCRIPTOR_BYTES: usize = 14;
/// Means "this very instruction".
const THIS_INSTRUCTION: u16 = u16::MAX;

/// Where one signature, its key and its message lie, as the header has to say.
struct Descriptor {
    signature: u16,
    public_key: u16,
    message: u16,
    message_length: u16,
}

const PAIR: [Descriptor; 2] = [
    Descriptor {
        signature: 62,
        public_key: 30,
        message: 222,
        message_length: TOKEN_BYTES as u16,
    },
    Descriptor {
        signature: 158,
        public_key: 126,
        message: 382,
        message_length: RECEIPT_BYTES as u16,
    },
];
const COSIGN: [Descriptor; 1] = [Descriptor {
    signature: 48,
    public_key: 16,
    message: 112,
    message_length: COSIGN_BYTES as u16,
}];

/// What the Ed25519 program verified before a proof of evidence. Who the keys are is the caller's to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Pair {
    /// Signed the token.
    pub issuer_key: [u8; 32],
    /// Signed the receipt.
    pub client_key: [u8; 32],
    pub token: [u8; TOKEN_BYTES],
    pub receipt: [u8; RECEIPT_BYTES],
}

/// What the Ed25519 program verified before a co-signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Cosign {
    pub public_key: [u8; 32],
    pub message: [u8; COSIGN_BYTES],
}

/// Reads token and receipt with their signers.
///
/// `accounts_len` and `program_id_matches` are of the same instruction, as the Instructions sysvar shows it.
/// Errors: `CoreError::Ed25519*`, one per rule.
pub fn parse_ed25519_pair(
    data: &[u8],
    accounts_len: usize,
    program_id_matches: bool,
) -> Result<Ed25519Pair, CoreError> {
    check_instruction(accounts_len, program_id_matches)?;
    check_layout(data, ED25519_PAIR_BYTES, &PAIR)?;
    Ok(Ed25519Pair {
        issuer_key: take(data, 30)?,
        client_key: take(data, 126)?,
        token: take(data, 222)?,
        receipt: take(data, 382)?,
    })
}

/// Reads a co-signature with its signer. Arguments and errors as in [`parse_ed25519_pair`].
pub fn parse_ed25519_cosign(
    data: &[u8],
    accounts_len: usize,
    program_id_matches: bool,
) -> Result<Ed25519Cosign, CoreError> {
    check_instruction(accounts_len, program_id_matches)?;
    check_layout(data, ED25519_COSIGN_BYTES, &COSIGN)?;
    Ok(Ed25519Cosign {
        public_key: take(data, 16)?,
        message: take(data, 112)?,
    })
}

fn check_instruction(accounts_len: usize, program_id_matches: bool) -> Result<(), CoreError> {
    if !program_id_matches {
        return Err(CoreError::Ed25519ProgramWrong);
    }
    if accounts_len != 0 {
        return Err(CoreError::Ed25519AccountsNotEmpty);
    }
    Ok(())
}

fn check_layout(data: &[u8], length: usize, expected: &[Descriptor]) -> Result<(), CoreError> {
    if data.len() != length {
        return Err(CoreError::Ed25519LengthWrong);
    }
    let [count, padding] = take::<HEADER_BYTES>(data, 0)?;
    if usize::from(count) != expected.len() {
        return Err(CoreError::Ed25519CountWrong);
    }
    if padding != 0 {
        return Err(CoreError::Ed25519PaddingNotZero);
    }
    let descriptors = data
        .get(HEADER_BYTES..)
        .ok_or(CoreError::Ed25519LengthWrong)?
        .chunks_exact(DESCRIPTOR_BYTES);
    for (actual, wanted) in descriptors.zip(expected) {
        check_descriptor(actual, wanted)?;
    }
    Ok(())
}

/// Field order of the Ed25519 program: each offset is followed by the index of the instruction that it points into.
fn check_descriptor(actual: &[u8], wanted: &Descriptor) -> Result<(), CoreError> {
    for instruction_index in [2, 6, 12] {
        if take_u16(actual, instruction_index)? != THIS_INSTRUCTION {
            return Err(CoreError::Ed25519InstructionIndexWrong);
        }
    }
    let fields = [
        (0, wanted.signature),
        (4, wanted.public_key),
        (8, wanted.message),
        (10, wanted.message_length),
    ];
    for (offset, value) in fields {
        if take_u16(actual, offset)? != value {
            return Err(CoreError::Ed25519OffsetWrong);
        }
    }
    Ok(())
}
