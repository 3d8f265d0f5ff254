//! Private keys in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use alcove::tls::{KeyError, PrivateKeys};
use zeroize::Zeroizing;

/// Keeps private keys as long as the test runs.
#[derive(Default)]
pub struct MemoryKeys(Mutex<HashMap<String, Zeroizing<String>>>);

impl MemoryKeys {
    /// Loses a key.
    pub fn lose(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name).expect("a key of this name");
    }

    /// A key as PEM.
    pub fn pem(&self, name: &str) -> Zeroizing<String> {
        self.find(name).unwrap().expect("a key of this name")
    }
}

impl PrivateKeys for MemoryKeys {
    fn find(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn keep(&self, name: &str, pem: Zeroizing<String>) -> Result<(), KeyError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), pem);
        Ok(())
    }
}
