use crate::CoreError;

/// The `N` bytes at `offset`; a message shorter than that has the wrong length.
pub(crate) fn take<const N: usize>(bytes: &[u8], offset: usize) -> Result<[u8; N], CoreError> {
    let end = offset.checked_add(N).ok_or(CoreError::LengthWrong)?;
    bytes
        .get(offset..end)
        .and_then(|field| field.try_into().ok())
        .ok_or(CoreError::LengthWrong)
}

pub(crate) fn take_u16(bytes: &[u8], offset: usize) -> Result<u16, CoreError> {
    Ok(u16::from_le_bytes(take(bytes, offset)?))
}

pub(crate) fn take_u32(bytes: &[u8], offset: usize) -> Result<u32, CoreError> {
    Ok(u32::from_le_bytes(take(bytes, offset)?))
}

pub(crate) fn take_u64(bytes: &[u8], offset: usize) -> Result<u64, CoreError> {
    Ok(u64::from_le_bytes(take(bytes, offset)?))
}

/// Exact length first, then the domain: nothing else of a foreign message is looked at.
pub(crate) fn check_message(
    bytes: &[u8],
    length: usize,
    domain: &[u8; 16],
) -> Result<(), CoreError> {
    if bytes.len() != length {
        return Err(CoreError::LengthWrong);
    }
    if !bytes.starts_with(domain) {
        return Err(CoreError::DomainWrong);
    }
    Ok(())
}
