//! Certificates: the local authority, own files, and swapping one for another while the server runs.
//!
//! Must not: open sockets, or read the clock (the caller says what time it is).

mod files;
mod keys;
mod local;
mod own;
mod provider;
mod resolver;
mod sealed;

use std::{fmt, io, path::PathBuf, sync::Arc};

use aws_lc_rs::digest;
use jiff::Timestamp;
use rustls::{ServerConfig, pki_types::CertificateDer, sign::CertifiedKey};

pub use files::{make_private_dir, write_private};
pub use keys::{KeyError, PrivateKeys};
pub use local::{LEAF_DAYS, RENEW_DAYS};
pub use provider::provider;
pub use sealed::{SealedPage, remember_origin, remembered_origin, sealed_page_fingerprint};

use crate::{
    config::CertificateFiles,
    domain::origin::{Host, Origin},
};
use resolver::Resolver;

/// Why there is no certificate to serve with. Exit code 3 when own files are to blame.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read or written.
    #[error("cannot {doing} {}: {source}", .path.display())]
    File {
        /// "read" or "write".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file holds no usable PEM.
    #[error("{} holds no PEM {what}: give a PEM file, the certificate chain with the leaf first", .path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// "certificate" or "private key".
        what: &'static str,
    },
    /// A private key could not be found or kept.
    #[error("cannot {doing} the private key of a certificate: {source}")]
    Key {
        /// "find", "read" or "keep".
        doing: &'static str,
        /// What the place it is kept in said.
        source: KeyError,
    },
    /// Certificate and key do not belong together, or the key is of an unknown kind.
    #[error("the certificate and key cannot be used together: {0}")]
    Mismatch(rustls::Error),
    /// An own certificate is expired, or names another host.
    #[error("{} is not valid for {host}: {reason}; renew it, or start with the --origin it names", .path.display())]
    NotValid {
        /// The chain's file.
        path: PathBuf,
        /// The practice's host.
        host: String,
        /// What the verifier said.
        reason: rustls::Error,
    },
    /// Making a certificate failed.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// The protocol could not be set up.
    #[error("cannot set up TLS: {0}")]
    Setup(#[from] rustls::Error),
}

/// The SHA-256 of a certificate, as people compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// The certificate in use, where it comes from, and how to renew it.
pub struct Certificates {
    source: Source,
    host: Host,
    resolver: Arc<Resolver>,
}

enum Source {
    Local(local::LocalAuthority),
    Own(own::OwnFiles),
}

/// A chain and key ready to serve, and what may be said about them.
struct Served {
    key: Arc<CertifiedKey>,
    /// The authority's certificate, when it is ours.
    authority: Option<CertificateDer<'static>>,
    publicly_trusted: bool,
}

impl Certificates {
    /// Opens the certificate for an origin: own files when given, else the local authority in `tls_dir`, made now if
    /// it is missing, renewed now if it ends soon. Private keys of the local authority are with `keys` alone.
    ///
    /// # Errors
    /// [`TlsError`] when files cannot be read, written or used.
    pub fn open(
        tls_dir: PathBuf,
        origin: &Origin,
        own: Option<CertificateFiles>,
        keys: Arc<dyn PrivateKeys>,
        now: Timestamp,
    ) -> Result<Self, TlsError> {
        let host = origin.host().clone();
        let source = match own {
            Some(files) => Source::Own(own::OwnFiles::new(files)),
            None => Source::Local(local::LocalAuthority::new(tls_dir, keys)),
        };
        let served = source.load(&host, now)?;
        Ok(Self { source, host, resolver: Arc::new(Resolver::new(served)) })
    }

    /// Renews the local certificate when it ends soon; takes up own files that changed. Returns whether it swapped.
    /// On an error the old certificate stays in use.
    ///
    /// # Errors
    /// As [`Certificates::open`].
    pub fn refresh(&self, now: Timestamp) -> Result<bool, TlsError> {
        if !self.source.is_stale(&self.host, now) {
            return Ok(false);
        }
        self.resolver.swap(self.source.load(&self.host, now)?);
        Ok(true)
    }

    /// The server's protocol settings; they follow later swaps by themselves.
    ///
    /// # Errors
    /// [`TlsError::Setup`] when the cipher library refuses.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        Ok(provider::server_config(self.resolver.clone())?)
    }

    /// The fingerprint of the local authority, for people to compare; none with own files.
    #[must_use]
    pub fn authority_fingerprint(&self) -> Option<Fingerprint> {
        self.resolver.current().authority.as_ref().map(Fingerprint::of)
    }

    /// The local authority's certificate in DER, for devices to install; none with own files.
    #[must_use]
    pub fn authority_der(&self) -> Option<Vec<u8>> {
        self.resolver.current().authority.as_ref().map(|der| der.to_vec())
    }

    /// True when browsers trust the certificate by themselves and the host is a DNS name: only then may the server pin
    /// itself by HSTS.
    #[must_use]
    pub fn may_pin(&self) -> bool {
        matches!(self.host, Host::Name(_)) && self.resolver.current().publicly_trusted
    }
}

impl Source {
    fn load(&self, host: &Host, now: Timestamp) -> Result<Served, TlsError> {
        match self {
            Self::Local(authority) => authority.load(host, now),
            Self::Own(files) => files.load(host, now),
        }
    }

    fn is_stale(&self, host: &Host, now: Timestamp) -> bool {
        match self {
            Self::Local(authority) => authority.is_stale(host, now),
            Self::Own(files) => files.is_stale(),
        }
    }
}

impl Fingerprint {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        let digest = digest::digest(&digest::SHA256, certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if n == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}
