//! Raw data of the SlotHashes sysvar.
use protocol_core::sha256;

/// The hash of slot s is `SHA256(u64 s)`.
pub fn slot_hashes(slots: &[u64]) -> Vec<u8> {
    let mut data = u64::try_from(slots.len()).unwrap().to_le_bytes().to_vec();
    for slot in slots {
        data.extend(slot.to_le_bytes());
        data.extend(sha256(&[&slot.to_le_bytes()]));
    }
    data
}
