//! Private keys of the practice's certificates, kept in the encrypted file.

use zeroize::Zeroizing;

use super::{App, Error};
use crate::domain::audit::Event;
use crate::policy::{Actor, ActorKind, Right};
use crate::store::Reads as _;
use crate::store::rows::certificate_key::CertificateKey;

impl App {
    /// The private key of this name as PEM, for the server's own certificate.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn certificate_key(&self, name: &str) -> Result<Option<Zeroizing<String>>, Error> {
        Actor::local(ActorKind::System).may(Right::Housekeep)?;
        self.read(|tx| Ok(tx.find::<CertificateKey>(&name.to_owned())?.map(|row| row.pem)))
    }

    /// Keeps a private key in the place of the one with this name.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn keep_certificate_key(&self, name: &str, pem: Zeroizing<String>) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        self.write(|tx| {
            tx.put(&CertificateKey { name: name.to_owned(), pem }, &permit)?;
            Ok(tx.audit(&permit, Event::new("certificate.key-made").with("name", name))?)
        })
    }
}
