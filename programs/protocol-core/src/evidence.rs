//! Whether a token and a receipt stand behind a leaf: prove_evidence of protocol 6.7, without the signatures.
use crate::{sha256, CoreError, Ed25519Pair, Hash, Leaf, Receipt, Token, TOKEN_FLAG_MULTICAST};

/// How far a client's clock may be before the token's time at the last byte.
pub const RECEIPT_EARLY_SECS: u32 = 60;
/// How long after its token's time a transfer may still end. Nodes accept receipts by the same two limits.
pub const RECEIPT_LATE_SECS: u32 = 600;
/// Kinds of delivery with receipts; kind 1 is paid on a co-signature only.
pub const KIND_RECEIPTED_UNICAST: u8 = 0;
pub const KIND_RECEIPTED_MULTICAST: u8 = 2;

/// What the accounts say that the evidence has to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceTerms {
    /// Address of the contract.
    pub contract: [u8; 32],
    pub cluster_tag: u32,
    /// Epoch of the commitment.
    pub epoch: u32,
    /// End of that epoch, Unix seconds.
    pub epoch_end_at: i64,
    pub epoch_length_secs: u32,
    /// A node of the contract's seller, proven by its account.
    pub node: [u8; 32],
    /// The contract's issuer key in force in that epoch.
    pub issuer_key: [u8; 32],
    /// Kind of delivery of the commitment.
    pub kind: u8,
    /// How long after the epoch's end a token may be valid.
    pub token_grace_secs: u32,
    pub max_token_bytes: u64,
}

/// Checks the signers and messages that [`crate::parse_ed25519_pair`] read against the terms and the sampled leaf.
///
/// Errors: those of [`Token::decode`] and [`Receipt::decode`], and one per rule in the order of the checks:
/// `IssuerKeyWrong`, `TokenContractWrong`, `TokenClusterWrong`, `TokenEpochWrong`, `TokenNodeWrong`, `TokenKindWrong`,
/// `TokenTimesWrong`, `TokenTooLarge`, `ClientKeyWrong`, `ReceiptTokenWrong`, `ReceiptTooLarge`, `ReceiptTimeWrong`,
/// `LeafTokenWrong`, `LeafBytesWrong`, `LeafObjectsWrong`, `LeafReceiptWrong`.
pub fn check_evidence(
    terms: &EvidenceTerms,
    signed: &Ed25519Pair,
    leaf: &Leaf,
) -> Result<(), CoreError> {
    let token = Token::decode(&signed.token)?;
    let receipt = Receipt::decode(&signed.receipt)?;
    require(
        signed.issuer_key == terms.issuer_key,
        CoreError::IssuerKeyWrong,
    )?;
    check_token(terms, &token)?;
    require(
        signed.client_key == token.client_public_key,
        CoreError::ClientKeyWrong,
    )?;
    check_receipt(&token, &sha256(&[&signed.token]), &receipt)?;
    check_leaf(&receipt, &sha256(&[&signed.receipt]), leaf)
}

fn check_token(terms: &EvidenceTerms, token: &Token) -> Result<(), CoreError> {
    require(
        token.contract == terms.contract,
        CoreError::TokenContractWrong,
    )?;
    require(
        token.cluster_tag == terms.cluster_tag,
        CoreError::TokenClusterWrong,
    )?;
    require(token.epoch == terms.epoch, CoreError::TokenEpochWrong)?;
    require(token.node == terms.node, CoreError::TokenNodeWrong)?;
    let is_multicast = token.flags & TOKEN_FLAG_MULTICAST != 0;
    let wanted = match terms.kind {
        KIND_RECEIPTED_UNICAST => Some(false),
        KIND_RECEIPTED_MULTICAST => Some(true),
        _ => None,
    };
    require(wanted == Some(is_multicast), CoreError::TokenKindWrong)?;
    require(is_timely(terms, token), CoreError::TokenTimesWrong)?;
    require(
        token.max_bytes <= terms.max_token_bytes,
        CoreError::TokenTooLarge,
    )
}

/// `nbf < naf ≤ epoch end + grace` and `naf − nbf ≤ epoch length + grace`: a token of one epoch pays in no other.
fn is_timely(terms: &EvidenceTerms, token: &Token) -> bool {
    let grace = i64::from(terms.token_grace_secs);
    let (not_before, not_after) = (token.not_before_secs, token.not_after_secs);
    let longest =
        u64::from(terms.epoch_length_secs).saturating_add(u64::from(terms.token_grace_secs));
    not_before < not_after
        && i64::from(not_after) <= terms.epoch_end_at.saturating_add(grace)
        && u64::from(not_after.saturating_sub(not_before)) <= longest
}

fn check_receipt(token: &Token, token_hash: &Hash, receipt: &Receipt) -> Result<(), CoreError> {
    require(
        receipt.token_hash == *token_hash,
        CoreError::ReceiptTokenWrong,
    )?;
    require(receipt.bytes <= token.max_bytes, CoreError::ReceiptTooLarge)?;
    let earliest = u64::from(token.not_before_secs.saturating_sub(RECEIPT_EARLY_SECS));
    let latest = u64::from(token.not_after_secs).saturating_add(u64::from(RECEIPT_LATE_SECS));
    let is_inside = receipt.last_ms >= earliest.saturating_mul(1000)
        && receipt.last_ms <= latest.saturating_mul(1000);
    require(is_inside, CoreError::ReceiptTimeWrong)
}

fn check_leaf(receipt: &Receipt, receipt_hash: &Hash, leaf: &Leaf) -> Result<(), CoreError> {
    require(
        leaf.token_hash == receipt.token_hash,
        CoreError::LeafTokenWrong,
    )?;
    require(leaf.bytes == receipt.bytes, CoreError::LeafBytesWrong)?;
    require(leaf.objects == receipt.objects, CoreError::LeafObjectsWrong)?;
    require(
        leaf.receipt_hash == *receipt_hash,
        CoreError::LeafReceiptWrong,
    )
}

fn require(holds: bool, error: CoreError) -> Result<(), CoreError> {
    if holds {
        Ok(())
    } else {
        Err(error)
    }
}
