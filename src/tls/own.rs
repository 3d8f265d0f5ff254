//! Certificate files that the owner brings, read again when they change.

use std::{
    fs::metadata,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use jiff::Timestamp;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::{Served, TlsError, local::verify, provider::provider};
use crate::{config::CertificateFiles, domain::origin::Host};

type Stamp = Option<(SystemTime, SystemTime)>;

/// The two files, and when they were last changed as far as we know.
pub struct OwnFiles {
    files: CertificateFiles,
    seen: Mutex<Stamp>,
}

impl OwnFiles {
    pub fn new(files: CertificateFiles) -> Self {
        Self { files, seen: Mutex::new(None) }
    }

    pub fn is_stale(&self) -> bool {
        self.stamp() != *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads both files and checks that they fit each other, the host and the date.
    pub fn load(&self, host: &Host, now: Timestamp) -> Result<Served, TlsError> {
        // Noted before reading: a change while we read is seen again at the next look.
        let stamp = self.stamp();
        let chain = read_chain(&self.files.chain)?;
        let key = read_key(&self.files.key)?;
        check_names(&chain, &self.files.chain, host, now)?;
        let publicly_trusted = is_publicly_trusted(&chain, host, now);
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(TlsError::Mismatch)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
        Ok(Served { key: Arc::new(key), authority: None, publicly_trusted })
    }

    fn stamp(&self) -> Stamp {
        let changed = |path: &Path| metadata(path).and_then(|file| file.modified()).ok();
        changed(&self.files.chain).zip(changed(&self.files.key))
    }
}

pub fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let not_pem = || TlsError::NotPem { path: path.into(), what: "certificate" };
    let text = read(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(not_pem)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let not_pem = |_| TlsError::NotPem { path: path.into(), what: "private key" };
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(not_pem)
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::File { doing: "read", path: path.into(), source })
}

/// Names and dates only: who signed it is the owner's business, so an unknown issuer passes.
fn check_names(chain: &[CertificateDer<'_>], path: &Path, host: &Host, now: Timestamp) -> Result<(), TlsError> {
    let mut roots = RootCertStore::empty();
    let (issuers, _) = roots.add_parsable_certificates(chain.iter().skip(1).cloned().map(CertificateDer::into_owned));
    if issuers == 0 {
        return Ok(());
    }
    match verify(roots, chain, host, now) {
        Err(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer)) | Ok(()) => Ok(()),
        Err(reason) => Err(TlsError::NotValid { path: path.into(), host: host.to_string(), reason }),
    }
}

fn is_publicly_trusted(chain: &[CertificateDer<'_>], host: &Host, now: Timestamp) -> bool {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    verify(roots, chain, host, now).is_ok()
}
