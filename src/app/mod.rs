//! Use cases: each verb is one transaction with a permit and an audit entry. Knows nothing of HTTP.

pub mod account;
pub mod activity;
pub mod anomaly;
pub mod backup;
mod backup_key;
mod certificate_key;
mod challenges;
pub mod changes;
pub mod claim;
pub mod client;
mod delivery;
pub mod device;
pub mod directory;
mod error;
mod events;
pub mod factor;
pub mod file;
mod guard;
pub mod health;
pub mod idempotency;
pub mod invite;
pub mod join;
pub mod key_rotation;
pub mod keyring;
pub mod link;
mod live;
pub mod me;
pub mod passkey;
pub mod people;
pub mod practice;
pub mod proof;
pub mod record;
pub mod recovery;
pub mod reoffer;
pub mod restore;
pub mod review;
pub mod roles;
pub mod scrub;
pub mod seal;
pub mod second_step;
pub mod security_policy;
pub mod session;
pub mod sign_in;
pub mod space;
pub mod team;
pub mod throttle;

use std::sync::{Arc, Weak};

use jiff::Timestamp;
use tokio::sync::broadcast;

pub use error::{Error, Refusal};
pub use events::Told;

use crate::clock::Clock;
use crate::domain::file::StorageLimits;
use crate::domain::origin::Origin;
use crate::store::{ReadTx, Store, WriteTx};

/// How many notices a slow event stream may fall behind before it has to ask for everything anew.
const NOTICES_BUFFERED: usize = 1024;

/// The application: a store, a clock and the notices that go out after each commit. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    store: Arc<Store>,
    clock: Clock,
    notices: broadcast::Sender<Told>,
    deliveries: delivery::Deliveries,
    live: Arc<live::Live>,
    site: Option<Origin>,
    storage: StorageLimits,
    opened_at: Timestamp,
}

impl App {
    /// The application over an open store.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        let opened_at = clock.now();
        Self {
            store,
            clock,
            notices: broadcast::channel(NOTICES_BUFFERED).0,
            deliveries: delivery::Deliveries::default(),
            live: Arc::default(),
            site: None,
            storage: StorageLimits::default(),
            opened_at,
        }
    }

    /// The store, for backups of it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Tells when nobody works with the store any more.
    #[must_use]
    pub fn store_in_use(&self) -> Weak<Store> {
        Arc::downgrade(&self.store)
    }

    /// The same application, served at this origin: what set-up fixes as the practice's.
    #[must_use]
    pub fn at_site(self, origin: Origin) -> Self {
        Self { site: Some(origin), ..self }
    }

    /// The same application, with these limits for sealed files.
    #[must_use]
    pub fn with_storage(self, storage: StorageLimits) -> Self {
        Self { storage, ..self }
    }

    /// The notices of every commit from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.notices.subscribe()
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&ReadTx) -> Result<T, Error>) -> Result<T, Error> {
        self.store.read(look)
    }

    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut WriteTx) -> Result<T, Error>) -> Result<T, Error> {
        let (done, notices) = self.store.write(work)?;
        self.tell(&notices);
        Ok(done)
    }
}
