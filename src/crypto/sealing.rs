//! Streams sealed to hybrid recipients, as ordinary age files. Memory stays at one 64 KiB chunk, whatever the size.

use std::io::{self, BufReader, Read, Write};

use age::{
    DecryptError, Decryptor, Encryptor,
    stream::{StreamReader, StreamWriter},
};

use super::hybrid::{HybridIdentity, HybridRecipient};

/// Why sealing failed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Sealing to nobody would be throwing away.
    #[error("There is no recipient to seal to. Make a kit first.")]
    NoRecipient,
    /// Reading or writing failed.
    #[error("The sealed file could not be written: {0}")]
    Io(#[from] io::Error),
}

/// Why opening failed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Sealed to another key.
    #[error("This file was sealed to another kit. Use the kit that was made when the file was.")]
    OtherKit,
    /// Not an age file, a malformed one, or one that mixes in recipients we never use.
    #[error("This is not a sealed file of ours, or its beginning is damaged. Fetch it again.")]
    NotSealed,
    /// It began well and then did not authenticate, or it ended early.
    #[error("The sealed file is damaged or cut off. Fetch it again, or use another copy.")]
    Damaged,
    /// Reading or writing failed.
    #[error("The sealed file could not be read or its content not be written: {0}")]
    Io(#[from] io::Error),
}

/// Seals everything from `input` to the recipients, any of whom can open it. Returns the number of plaintext bytes.
///
/// # Errors
/// [`SealError::NoRecipient`] for an empty list; otherwise what reading or writing reported.
pub fn seal_to(recipients: &[HybridRecipient], mut input: impl Read, output: impl Write) -> Result<u64, SealError> {
    let mut writer = seal_writer(recipients, output)?;
    let size_bytes = io::copy(&mut input, &mut writer)?;
    writer.finish()?.flush()?;
    Ok(size_bytes)
}

/// A writer that seals what it is given; without its `finish` the file is cut off and does not open.
///
/// # Errors
/// [`SealError::NoRecipient`] for an empty list; otherwise what writing the header reported.
pub fn seal_writer<W: Write>(recipients: &[HybridRecipient], output: W) -> Result<StreamWriter<W>, SealError> {
    if recipients.is_empty() {
        return Err(SealError::NoRecipient);
    }
    let encryptor = Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as &dyn age::Recipient))
        .map_err(io::Error::other)?;
    Ok(encryptor.wrap_output(output)?)
}

/// Opens a sealed file. Returns the number of plaintext bytes.
///
/// Chunks are written as they authenticate: on an error the caller must discard what was written.
///
/// # Errors
/// An [`OpenError`] that says whether the kit, the file or the machine is at fault.
pub fn open_with(identity: &HybridIdentity, input: impl Read, mut output: impl Write) -> Result<u64, OpenError> {
    let mut reader = open_reader(identity, input)?;
    let mut chunk = vec![0; 64 * 1024];
    let mut size_bytes = 0;
    loop {
        let read = match reader.read(&mut chunk) {
            Ok(0) => return Ok(size_bytes),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(payload_error(error)),
        };
        output.write_all(&chunk[..read])?;
        size_bytes += read as u64;
    }
}

/// A reader of the plaintext. An error of kind `InvalidData` or `UnexpectedEof` means a damaged file.
///
/// # Errors
/// As [`open_with`].
pub fn open_reader<R: Read>(identity: &HybridIdentity, input: R) -> Result<StreamReader<BufReader<R>>, OpenError> {
    let decryptor = Decryptor::new_buffered(BufReader::new(input)).map_err(header_error)?;
    decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(header_error)
}

fn header_error(error: DecryptError) -> OpenError {
    match error {
        DecryptError::NoMatchingKeys => OpenError::OtherKit,
        DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => OpenError::Io(error),
        DecryptError::DecryptionFailed => OpenError::Damaged,
        _ => OpenError::NotSealed,
    }
}

fn payload_error(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => OpenError::Damaged,
        _ => OpenError::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(to: &HybridIdentity, plain: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        seal_to(&[to.to_recipient().unwrap()], plain, &mut file).unwrap();
        file
    }

    fn opened(with: &HybridIdentity, file: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut plain = Vec::new();
        open_with(with, file, &mut plain).map(|_| plain)
    }

    #[test]
    fn any_recipient_opens_and_nobody_else() {
        let [first, second, other] = std::array::from_fn(|_| HybridIdentity::generate().unwrap());
        let plain = vec![7; 200_000];
        let mut file = Vec::new();
        let recipients = [first.to_recipient().unwrap(), second.to_recipient().unwrap()];
        assert_eq!(seal_to(&recipients, plain.as_slice(), &mut file).unwrap(), 200_000);
        assert_eq!(opened(&first, &file).unwrap(), plain);
        assert_eq!(opened(&second, &file).unwrap(), plain);
        assert!(matches!(opened(&other, &file), Err(OpenError::OtherKit)));
    }

    #[test]
    fn damage_and_cuts_are_noticed() {
        let identity = HybridIdentity::generate().unwrap();
        let file = sealed(&identity, &vec![1; 100_000]);
        assert!(matches!(opened(&identity, &file[..file.len() - 40_000]), Err(OpenError::Damaged)));
        let mut flipped = file.clone();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        assert!(matches!(opened(&identity, &flipped), Err(OpenError::Damaged)));
        assert!(matches!(opened(&identity, b"no age file"), Err(OpenError::NotSealed)));
        assert!(matches!(opened(&identity, &file[..500]), Err(OpenError::NotSealed)));
    }

    #[test]
    fn classic_recipients_are_never_mixed_in() {
        let identity = HybridIdentity::generate().unwrap();
        let classic = age::x25519::Identity::generate().to_public();
        let hybrid = identity.to_recipient().unwrap();
        assert!(Encryptor::with_recipients([&classic as &dyn age::Recipient, &hybrid].into_iter()).is_err());
        assert!(matches!(opened(&identity, &age::encrypt(&classic, b"x").unwrap()), Err(OpenError::NotSealed)));
    }

    #[test]
    fn sealing_to_nobody_is_refused() {
        assert!(matches!(seal_to(&[], &b"x"[..], Vec::new()), Err(SealError::NoRecipient)));
    }
}
