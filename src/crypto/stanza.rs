//! The age stanza `mlkem768x25519`: a file key wrapped by HPKE (RFC 9180) to a hybrid recipient, as in the age specification.
//!
//! Parsing is strict: a malformed stanza spoils the file, even behind one that opens, and classic stanzas are never mixed in.

use std::collections::HashSet;

use age::{DecryptError, EncryptError, secrecy::ExposeSecret};
use age_core::format::{FileKey, Stanza};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing};
use zeroize::Zeroizing;

use super::hybrid::{HybridIdentity, HybridRecipient, is_contributory};

const TAG: &str = "mlkem768x25519";
const LABEL: &str = "postquantum";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// An ML-KEM-768 ciphertext (1088), then an X25519 point (32).
const SHARE_BYTES: usize = 1120;
const POINT_AT: usize = 1088;
/// A 16-byte file key and its tag.
const BODY_BYTES: usize = 32;
/// Recipients that a quantum computer opens, or that a guess opens: one of them beside ours would undo ours.
const CLASSIC: [&str; 6] = ["X25519", "scrypt", "ssh-ed25519", "ssh-rsa", "piv-p256", "p256tag"];

type Share = <XWing as Kem>::EncappedKey;

impl age::Recipient for HybridRecipient {
    fn wrap_file_key(&self, key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let (share, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            self.public(),
            INFO,
            key.expose_secret(),
            &[],
        )
        .map_err(|error| EncryptError::Io(std::io::Error::other(error)))?;
        let args = vec![STANDARD_NO_PAD.encode(share.to_bytes())];
        Ok((vec![Stanza { tag: TAG.into(), args, body }], HashSet::from([LABEL.to_owned()])))
    }
}

impl age::Identity for HybridIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if CLASSIC.contains(&stanza.tag.as_str()) {
            return Some(Err(DecryptError::InvalidHeader));
        }
        (stanza.tag == TAG).then(|| self.unwrap_hybrid(stanza)).and_then(Result::transpose)
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let mut found = None;
        for stanza in stanzas {
            match self.unwrap_stanza(stanza) {
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok(key)) if found.is_none() => found = Some(Ok(key)),
                _ => {}
            }
        }
        found
    }
}

impl HybridIdentity {
    /// The file key, nothing if the stanza is for somebody else, an error if it is malformed.
    fn unwrap_hybrid(&self, stanza: &Stanza) -> Result<Option<FileKey>, DecryptError> {
        let share = share(stanza).ok_or(DecryptError::InvalidHeader)?;
        let private = self.private().map_err(|_| DecryptError::KeyDecryptionFailed)?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &private,
            &share,
            INFO,
            &stanza.body,
            &[],
        );
        let Ok(key) = opened.map(Zeroizing::new) else { return Ok(None) };
        let key: Zeroizing<[u8; 16]> =
            Zeroizing::new(key.as_slice().try_into().map_err(|_| DecryptError::InvalidHeader)?);
        Ok(Some(FileKey::init_with_mut(|out| out.copy_from_slice(&*key))))
    }
}

fn share(stanza: &Stanza) -> Option<Share> {
    let [argument] = stanza.args.as_slice() else { return None };
    let bytes = STANDARD_NO_PAD.decode(argument).ok()?;
    let fits = bytes.len() == SHARE_BYTES && stanza.body.len() == BODY_BYTES && is_contributory(&bytes[POINT_AT..]);
    fits.then(|| Share::from_bytes(&bytes).ok()).flatten()
}
