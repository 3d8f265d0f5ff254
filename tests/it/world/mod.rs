//! A practice to try use cases on: people with real keys, and entries that they sign.
//!
//! Sealed bodies are only shaped like age files: the server cannot tell, and that is the point.

pub mod account;
pub mod authenticator;
pub mod factors;
pub mod sign;

use std::path::Path;
use std::sync::Arc;

use alcove::app::App;
use alcove::app::client::ClientMade;
use alcove::app::record::RecordWrite;
use alcove::app::space::{GrantMade, InviteMade, RosterChange, SpaceMade};
use alcove::clock::Clock;
use alcove::domain::audit::{Entry, Event};
use alcove::domain::id::{ClientId, DeviceId, FileId, InstallId, InviteId, PersonId, RecordId, SpaceId};
use alcove::domain::invite::Invited;
use alcove::domain::person::{KitsProved, Person, PersonState};
use alcove::domain::practice::{Installation, LogEnd, Practice};
use alcove::domain::role::Role;
use alcove::policy::{Actor, ActorKind, Permit, PersonStanding, Right, Rights};
use alcove::store::audit::StoredEntry;
use alcove::store::rows::restore::RestoreSigned;
use alcove::store::{Keyfile, Reads, Row, Store, StoreError};
use sign::{Chain, Keys};

/// A server in a temporary directory.
pub struct World {
    pub app: App,
    pub store: Arc<Store>,
    pub clock: Clock,
    _dir: Option<tempfile::TempDir>,
}

/// A body that looks like an age file, distinct by its tag.
pub fn sealed(tag: &str, bytes: usize) -> Vec<u8> {
    let mut body = format!("age-encryption.org/v1\n{tag}").into_bytes();
    body.resize(body.len().max(bytes), b'.');
    body
}

pub fn grant(to: PersonId, epoch: u64, tag: &str) -> GrantMade {
    GrantMade { to, epoch, body: sealed(tag, 100) }
}

/// A first revision.
pub fn record(n: u8, epoch: u64, tag: &str) -> RecordWrite {
    RecordWrite {
        record: RecordId::from_bytes([n; 16]),
        rev: 1,
        prev: None,
        epoch,
        device_seq: 1,
        open: None,
        deleted: false,
        body: sealed(tag, 300),
    }
}

pub fn file_id(n: u8) -> FileId {
    FileId::from_bytes([n; 16])
}

/// The code of a refusal, or a word for another error.
pub fn code<T: std::fmt::Debug>(done: Result<T, alcove::app::Error>) -> String {
    match done.unwrap_err() {
        alcove::app::Error::Refused(refusal) => match refusal.facts.iter().find(|(name, _)| *name == "reason") {
            Some((_, reason)) => format!("{}: {reason}", refusal.code),
            None => refusal.code.to_owned(),
        },
        alcove::app::Error::NotFound => "not-found".to_owned(),
        alcove::app::Error::Denied(denied) => format!("{denied:?}"),
        alcove::app::Error::Store(error) => format!("store: {error}"),
    }
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = Self::at(dir.path());
        Self { _dir: Some(dir), ..world }
    }

    /// A server whose data is in a directory that outlives it.
    pub fn at(dir: &Path) -> Self {
        let clock = Clock::default();
        let keyfile = Keyfile::from_slice(&[7; 32]).unwrap();
        let store = Arc::new(Store::open_or_create(dir, &keyfile, clock.clone()).unwrap().0);
        let app = sign::app(store.clone(), clock.clone(), dir);
        Self { app, store, clock, _dir: None }
    }

    /// A practice with an owner whose kits are proved.
    pub fn with_owner() -> (Self, Keys) {
        Self::new().owned()
    }

    /// The same server with a practice in it.
    pub fn owned(self) -> (Self, Keys) {
        let (world, owner) = (self, Keys::of(1));
        world.add(&owner, Role::Owner);
        let now = world.clock.now();
        world.put(&Installation {
            install: InstallId::from_bytes([9; 16]),
            timeline: 1,
            decoy_key: [0; 32],
            made_at: now,
            restored: None,
        });
        world.put(&Practice {
            name: "Quiet Corner".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            origin: "https://practice.example".parse().unwrap(),
            owner: owner.person,
            restore_kit: owner.recipient.clone(),
            made_at: now,
        });
        (world, owner)
    }

    /// Puts a row in behind the use cases' backs.
    pub fn put(&self, row: &impl Row) {
        let permit = housekeeper();
        self.store
            .write(|tx| {
                tx.put(row, &permit)?;
                tx.audit(&permit, Event::new("test.put"))
            })
            .map(drop)
            .map_err(|error: StoreError| error.to_string())
            .unwrap();
    }

    /// Takes a row away behind the use cases' backs.
    pub fn take_away<R: Row>(&self, key: &R::Key) {
        let permit = housekeeper();
        self.store
            .write(|tx| {
                tx.remove::<R>(key, &permit)?;
                tx.audit(&permit, Event::new("test.taken-away"))
            })
            .map(drop)
            .map_err(|error: StoreError| error.to_string())
            .unwrap();
    }

    pub fn add(&self, keys: &Keys, role: Role) {
        let now = self.clock.now();
        self.put(&Person {
            person: keys.person,
            name: format!("Person {}", keys.person),
            email: None,
            zone: "Europe/Berlin".to_owned(),
            role,
            sign: keys.public(),
            recipient: keys.recipient.clone(),
            statement: keys.statement(),
            salt: [3; 16],
            leaf: 1,
            kits: KitsProved { personal: true, restore: true },
            made_at: now,
            visited_at: now,
            visited_before_at: None,
            state: PersonState::Active,
            reviewed_at: None,
            attested_at: Some(now),
        });
    }

    /// Takes back that a person proved their kits.
    pub fn unprove(&self, keys: &Keys) {
        self.set_kits(keys, KitsProved::default());
    }

    /// Says that a person proved their kits.
    pub fn prove(&self, keys: &Keys) {
        self.set_kits(keys, KitsProved { personal: true, restore: true });
    }

    fn set_kits(&self, keys: &Keys, kits: KitsProved) {
        let found: Result<Option<Person>, StoreError> = self.store.read(|tx| tx.find(&keys.person));
        self.put(&Person { kits, ..found.unwrap().unwrap() });
    }

    /// Marks the server as restored and, if `signed`, as accepted by the owner.
    pub fn restore(&self, signed: bool) {
        let end = LogEnd { size: 1, root: [1; 32] };
        let row = Installation {
            install: InstallId::from_bytes([9; 16]),
            timeline: 2,
            decoy_key: [0; 32],
            made_at: self.clock.now(),
            restored: (!signed).then_some(end),
        };
        self.put(&row);
        if signed {
            let at = self.clock.now();
            self.put(&RestoreSigned { timeline: 2, statement: "signed".to_owned(), at });
        }
    }

    /// A client with both spaces; gives the chain of the shared one.
    pub fn client(&self, coach: &Keys, n: u8) -> (ClientId, Chain) {
        let id = ClientId::from_bytes([n; 16]);
        let (shared, own) = (Chain::begin("shared", coach, n), Chain::begin("own", coach, n));
        let made = ClientMade {
            client: id,
            name: format!("Client {n}"),
            email: None,
            shared: made(&shared, coach),
            own: made(&own, coach),
        };
        self.app.add_client(&actor(coach, Role::Owner), None, &made).unwrap();
        (id, shared)
    }

    /// The chain after an invite of the coach, and the invite's id and key.
    pub fn invite(&self, coach: &Keys, client: ClientId, chain: &mut Chain, n: u8) -> (InviteId, Keys) {
        let (change, invite, key) = self.inviting(coach, client, chain, n);
        self.app.change_roster(&actor(coach, Role::Owner), None, chain.space, &change).unwrap();
        (invite, key)
    }

    pub fn inviting(&self, coach: &Keys, client: ClientId, chain: &mut Chain, n: u8) -> (RosterChange, InviteId, Keys) {
        let (invite, key) = (InviteId::from_bytes([n; 16]), Keys::of(100 + n));
        let expires_at = self.clock.now() + jiff::SignedDuration::from_hours(24 * 14);
        let head = chain.head;
        let entry = chain.invite(coach, invite, &key, expires_at);
        let to = Invited::Client(client);
        let made = InviteMade { invite, to, pending_grant: sealed("pending", 200), expires_at };
        (RosterChange { head, entries: vec![entry], grants: Vec::new(), invite: Some(made) }, invite, key)
    }

    /// Lets somebody with an account into a shared space, as a keeper's device does.
    pub fn admit(&self, coach: &Keys, joiner: &Keys, chain: &mut Chain) {
        let head = chain.head;
        let entry = chain.add(coach, joiner, "client", "link");
        let change = RosterChange { head, entries: vec![entry], grants: Vec::new(), invite: None };
        self.app.change_roster(&actor(coach, Role::Owner), None, chain.space, &change).unwrap();
    }

    /// Removes a member, as a keeper's device does.
    pub fn remove(&self, coach: &Keys, gone: PersonId, chain: &mut Chain) {
        let head = chain.head;
        let entries = vec![chain.remove(coach, gone), chain.epoch(coach)];
        let grants = vec![grant(coach.person, chain.epoch_n(), "after")];
        let change = RosterChange { head, entries, grants, invite: None };
        self.app.change_roster(&actor(coach, Role::Owner), None, chain.space, &change).unwrap();
    }

    pub fn log(&self) -> Vec<Entry> {
        let entries: Result<Vec<StoredEntry>, StoreError> = self.store.read(|tx| tx.scan(&()));
        entries.unwrap().into_iter().map(|stored| stored.entry).collect()
    }
}

pub fn made(chain: &Chain, by: &Keys) -> SpaceMade {
    SpaceMade { genesis: chain.texts[0].clone(), grants: vec![grant(by.person, 1, "first")] }
}

pub fn actor(keys: &Keys, role: Role) -> Actor {
    let device = DeviceId::from_bytes([keys.n; 16]);
    let (rights, standing) = (Rights::of(role), PersonStanding::GOOD);
    let kind = ActorKind::Person { person: keys.person, role, rights, device, standing };
    Actor { kind, network: Some("192.0.2.0/24".to_owned()) }
}

/// The same actor by a session that is locked.
pub fn locked(mut acts: Actor) -> Actor {
    if let ActorKind::Person { standing, .. } = &mut acts.kind {
        standing.locked = true;
    }
    acts
}

pub fn visitor() -> Actor {
    Actor { kind: ActorKind::Visitor, network: Some("198.51.100.0/24".to_owned()) }
}

fn housekeeper() -> Permit {
    Actor::local(ActorKind::System).may(Right::Housekeep).unwrap()
}

/// A space that nobody began.
pub fn nowhere() -> SpaceId {
    SpaceId::from_bytes([0xee; 32])
}
