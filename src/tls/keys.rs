//! Where private keys are kept: by name, outside the directory of certificates, whose copies must give nothing.

use std::{error::Error, io};

use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::TlsError;

/// Why a key could not be found or kept.
pub type KeyError = Box<dyn Error + Send + Sync>;

/// Keeps private keys encrypted. Calls may block.
pub trait PrivateKeys: Send + Sync {
    /// The key of this name as PEM, if one was kept.
    ///
    /// # Errors
    /// What the place they are kept in reports.
    fn find(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeyError>;

    /// Keeps a key in the place of the one with this name. Durable on return.
    ///
    /// # Errors
    /// What the place they are kept in reports.
    fn keep(&self, name: &str, pem: Zeroizing<String>) -> Result<(), KeyError>;
}

/// The key of this name as PEM.
pub(super) fn find(keys: &dyn PrivateKeys, name: &str) -> Result<Zeroizing<String>, TlsError> {
    let missing = || TlsError::Key { doing: "find", source: io::Error::from(io::ErrorKind::NotFound).into() };
    keys.find(name).map_err(|source| TlsError::Key { doing: "read", source })?.ok_or_else(missing)
}

/// The key of this name, ready to sign.
pub(super) fn find_der(keys: &dyn PrivateKeys, name: &str) -> Result<PrivateKeyDer<'static>, TlsError> {
    let pem = find(keys, name)?;
    PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| TlsError::Key { doing: "read", source: error.to_string().into() })
}

/// Keeps a key under this name.
pub(super) fn keep(keys: &dyn PrivateKeys, name: &str, pem: String) -> Result<(), TlsError> {
    keys.keep(name, Zeroizing::new(pem)).map_err(|source| TlsError::Key { doing: "keep", source })
}
