/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// SHA-256 over the concatenation of `parts`: the `sol_sha256` syscall on chain, software elsewhere.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    solana_sha256_hasher::hashv(parts).to_bytes()
}

/// Inner node of an RFC 9162 2.1.1 tree.
pub(crate) fn hash_children(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[0x01], left, right])
}
