//! Hands the current certificate to each handshake.

use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::Served;

/// Holds the certificate in use; running connections keep theirs when it is swapped.
pub struct Resolver(ArcSwap<Served>);

impl Resolver {
    pub fn new(served: Served) -> Self {
        Self(ArcSwap::from_pointee(served))
    }

    pub fn swap(&self, served: Served) {
        self.0.store(Arc::new(served));
    }

    pub fn current(&self) -> Arc<Served> {
        self.0.load_full()
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load().key.clone())
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}
