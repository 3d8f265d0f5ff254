//! Rows in a part of a table: `key length (u32 BE) | value length (u32 BE) | key | value`, one after another.

use super::BackupError;

/// Parts are cut at about this size, so that neither side holds a whole table.
pub(super) const PART_BYTES: usize = 4 << 20;

/// A row's key and value.
pub(super) type Frame<'a> = (&'a [u8], &'a [u8]);

/// Appends one row.
pub(super) fn push(part: &mut Vec<u8>, key: &[u8], value: &[u8]) -> Result<(), BackupError> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| BackupError::damaged("a row of over 4 GiB"));
    part.extend(length(key)?.to_be_bytes());
    part.extend(length(value)?.to_be_bytes());
    part.extend_from_slice(key);
    part.extend_from_slice(value);
    Ok(())
}

/// Takes the next row off the front; `None` at the end.
pub(super) fn pop<'a>(part: &mut &'a [u8]) -> Result<Option<Frame<'a>>, BackupError> {
    if part.is_empty() {
        return Ok(None);
    }
    let cut_off = || BackupError::damaged("a row is cut off");
    let (key_len, rest) = part.split_first_chunk::<4>().ok_or_else(cut_off)?;
    let (value_len, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
    let (key_len, value_len) = (u32::from_be_bytes(*key_len) as usize, u32::from_be_bytes(*value_len) as usize);
    let (key, rest) = rest.split_at_checked(key_len).ok_or_else(cut_off)?;
    let (value, rest) = rest.split_at_checked(value_len).ok_or_else(cut_off)?;
    *part = rest;
    Ok(Some((key, value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_back_as_they_went_in(rows in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>()), 0..20)) {
            let mut part = Vec::new();
            for (key, value) in &rows {
                push(&mut part, key, value).unwrap();
            }
            let mut rest = part.as_slice();
            let mut back = Vec::new();
            while let Some((key, value)) = pop(&mut rest).unwrap() {
                back.push((key.to_vec(), value.to_vec()));
            }
            prop_assert_eq!(back, rows);
        }

        #[test]
        fn garbage_is_refused_or_read_but_never_panics(bytes in any::<Vec<u8>>()) {
            let mut rest = bytes.as_slice();
            while let Ok(Some(_)) = pop(&mut rest) {}
        }
    }
}
