//! Gives certificates their private keys out of the practice's encrypted file.

use zeroize::Zeroizing;

use crate::{
    app::App,
    tls::{KeyError, PrivateKeys},
};

/// The keys in an open practice.
pub struct StoredKeys(pub App);

impl PrivateKeys for StoredKeys {
    fn find(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        Ok(self.0.certificate_key(name)?)
    }

    fn keep(&self, name: &str, pem: Zeroizing<String>) -> Result<(), KeyError> {
        Ok(self.0.keep_certificate_key(name, pem)?)
    }
}
