//! Private keys of certificates, by name: inside the encrypted file, and so inside backups, never as files.

use zeroize::Zeroizing;

use crate::store::{Row, RowError};

/// The row of one private key.
#[derive(Clone)]
pub struct CertificateKey {
    /// What it is for, such as `authority`.
    pub name: String,
    /// The key, PEM.
    pub pem: Zeroizing<String>,
}

impl std::fmt::Debug for CertificateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CertificateKey({})", self.name)
    }
}

impl Row for CertificateKey {
    const TABLE: &'static str = "certificate_key";
    const VERSION: u8 = 1;
    type Key = String;

    fn key(&self) -> String {
        self.name.clone()
    }

    fn encode(&self) -> Vec<u8> {
        crate::store::encode_body(&(&self.name, self.pem.as_str()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (name, pem): (String, String) = crate::store::decode_body(Self::TABLE, body)?;
        Ok(Self { name, pem: Zeroizing::new(pem) })
    }
}
