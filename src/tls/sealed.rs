//! The certificate of the unseal page. The practice's own keys are rows of the encrypted file, which is closed then; so
//! this one has a key in the clear, beside the data, and its one use is that page: it is signed by itself, and no device
//! is ever asked to trust it. Its fingerprint is what whoever unseals from afar compares.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::{
    Fingerprint, Served, TlsError,
    files::{make_private_dir, write_private},
    local::self_signed_params,
    own::{OwnFiles, read_chain},
    provider::{provider, server_config},
    resolver::Resolver,
};
use crate::{
    config::CertificateFiles,
    domain::origin::{Host, Origin},
};

const CERTIFICATE: &str = "sealed.pem";
const KEY: &str = "sealed.key";
const ORIGIN: &str = "origin";

/// What the unseal page is served with.
pub struct SealedPage {
    /// Protocol settings.
    pub tls: Arc<ServerConfig>,
    /// What people compare; none with own certificate files, which browsers judge by themselves.
    pub fingerprint: Option<Fingerprint>,
}

impl SealedPage {
    /// Own certificate files when given, else the page's own certificate, made when it is missing, about to end or for
    /// another host.
    ///
    /// # Errors
    /// [`TlsError`] when files cannot be read, written or used.
    pub fn open(
        tls_dir: &Path,
        origin: &Origin,
        own: Option<CertificateFiles>,
        now: Timestamp,
    ) -> Result<Self, TlsError> {
        let host = origin.host();
        if let Some(files) = own {
            let served = OwnFiles::new(files).load(host, now)?;
            return Ok(Self { tls: server_config(Arc::new(Resolver::new(served)))?, fingerprint: None });
        }
        let served = load(tls_dir, host, now).or_else(|_| {
            make(tls_dir, host, now)?;
            load(tls_dir, host, now)
        })?;
        let tls = server_config(Arc::new(Resolver::new(served)))?;
        Ok(Self { tls, fingerprint: sealed_page_fingerprint(tls_dir) })
    }
}

/// The fingerprint of the unseal page's own certificate, once there is one.
#[must_use]
pub fn sealed_page_fingerprint(tls_dir: &Path) -> Option<Fingerprint> {
    read_chain(&tls_dir.join(CERTIFICATE)).ok()?.first().map(Fingerprint::of)
}

/// Remembers the practice's origin beside its certificates, which name the host anyway: a sealed server has to know it.
///
/// # Errors
/// [`TlsError::File`].
pub fn remember_origin(tls_dir: &Path, origin: &Origin) -> Result<(), TlsError> {
    if remembered_origin(tls_dir).as_ref() == Some(origin) {
        return Ok(());
    }
    write(tls_dir, ORIGIN, &origin.to_string())
}

/// The origin that the practice was last served at.
#[must_use]
pub fn remembered_origin(tls_dir: &Path) -> Option<Origin> {
    fs::read_to_string(tls_dir.join(ORIGIN)).ok()?.trim().parse().ok()
}

fn load(dir: &Path, host: &Host, now: Timestamp) -> Result<Served, TlsError> {
    let chain = read_chain(&dir.join(CERTIFICATE))?;
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(chain.iter().cloned());
    super::local::verify(roots, &chain, host, now)?;
    let path = dir.join(KEY);
    let pem = zeroize::Zeroizing::new(fs::read(&path).map_err(|source| TlsError::File {
        doing: "read",
        path: path.clone(),
        source,
    })?);
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsError::NotPem { path, what: "private key" })?;
    let key = CertifiedKey::from_der(chain, key, &provider()).map_err(TlsError::Mismatch)?;
    Ok(Served { key: Arc::new(key), authority: None, publicly_trusted: false })
}

fn make(dir: &Path, host: &Host, now: Timestamp) -> Result<(), TlsError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let certificate = self_signed_params(host, now)?.self_signed(&key)?;
    write(dir, KEY, &zeroize::Zeroizing::new(key.serialize_pem()))?;
    write(dir, CERTIFICATE, &certificate.pem())
}

fn write(dir: &Path, name: &str, text: &str) -> Result<(), TlsError> {
    let path: PathBuf = dir.join(name);
    let failed = |source| TlsError::File { doing: "write", path: path.clone(), source };
    make_private_dir(dir).map_err(failed)?;
    write_private(&path, text.as_bytes()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_keeps_its_certificate_until_the_host_or_the_date_says_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        let origin: Origin = "https://localhost:8443".parse().unwrap();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let print = |origin: &Origin, now| SealedPage::open(dir.path(), origin, None, now).unwrap().fingerprint;
        let first = print(&origin, now);
        assert!(first.is_some() && first == sealed_page_fingerprint(dir.path()));
        assert_eq!(print(&origin, now + jiff::SignedDuration::from_hours(24 * 300)), first);
        let later = print(&origin, now + jiff::SignedDuration::from_hours(24 * 4000));
        assert_ne!(later, first);
        let other =
            print(&"https://practice.example".parse().unwrap(), now + jiff::SignedDuration::from_hours(24 * 4000));
        assert_ne!(other, later);
        remember_origin(dir.path(), &origin).unwrap();
        assert_eq!(remembered_origin(dir.path()), Some(origin));
    }
}
