//! Accounts as devices make them, and the proofs that their login keys give.

use alcove::app::account::{NewAccount, NewSlot, NewSlotKind};
use alcove::app::practice::SetUp;
use alcove::app::proof::Proof;
use alcove::app::session::{Asker, NewDevice};
use alcove::app::sign_in::{Entered, LoginBy, LoginChallenge};
use alcove::crypto::HybridIdentity;
use alcove::crypto::login::login_message;
use alcove::crypto::token::Token;
use alcove::domain::id::{DeviceId, SlotId};
use alcove::domain::origin::Origin;
use alcove::domain::session::{Session, Standing, Strength};
use alcove::policy::{Actor, ActorKind};
use alcove::store::{Reads as _, StoreError};
use ed25519_dalek::{Signer as _, SigningKey};

use super::sign::{Chain, Keys};
use super::{World, made, sealed, visitor};

pub const ORIGIN: &str = "https://practice.example";

pub fn origin() -> Origin {
    ORIGIN.parse().unwrap()
}

/// A browser without a session.
pub fn outside() -> Asker {
    Asker { actor: visitor(), session: None }
}

/// The login key of a person's password (slot 1) or kit (slot 2).
pub fn login_key(keys: &Keys, slot: u8) -> SigningKey {
    SigningKey::from_bytes(&[keys.n, slot].repeat(16).try_into().unwrap())
}

pub fn new_slot(keys: &Keys, n: u8, kind: NewSlotKind) -> NewSlot {
    let login_key = login_key(keys, n).verifying_key().to_bytes();
    NewSlot { slot: SlotId::from_bytes([keys.n ^ (n << 4); 16]), label: format!("Slot {n}"), login_key, kind }
}

pub fn account(keys: &Keys) -> NewAccount {
    NewAccount {
        person: keys.person,
        name: "Ada".to_owned(),
        email: Some("ada@example.org".to_owned()),
        zone: "Europe/Berlin".to_owned(),
        statement: keys.statement(),
        tag: [keys.n; 16],
        salt: [keys.n; 16],
        keyring: sealed("keyring 1", 100),
        slots: vec![new_slot(keys, 1, NewSlotKind::Password { salt: [5; 16] }), new_slot(keys, 2, NewSlotKind::Kit)],
    }
}

pub fn device(n: u8) -> NewDevice {
    NewDevice { device: DeviceId::from_bytes([n; 16]), label: "Firefox on Linux".to_owned() }
}

pub fn set_up(owner: &Keys) -> SetUp {
    SetUp {
        name: "Quiet Corner".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        origin: origin(),
        owner: account(owner),
        notebook: made(&Chain::begin("notebook", owner, owner.n), owner),
        restore_kit: HybridIdentity::from_seed([77; 32]).to_recipient().unwrap().to_string(),
        device: device(1),
    }
}

/// The answer to a challenge by one of a person's slots, as their device signs it at this origin.
pub fn answer(keys: &Keys, slot: u8, at: &Origin, asked: &LoginChallenge) -> Proof {
    let key = login_key(keys, slot);
    let signature = key.sign(login_message(at, keys.person, &asked.nonce).as_bytes()).to_bytes().to_vec();
    Proof::LoginKey { challenge: asked.challenge, login_key: key.verifying_key().to_bytes(), signature }
}

impl World {
    /// A server served at the practice's origin that nobody has claimed.
    pub fn unclaimed() -> Self {
        let world = Self::new();
        Self { app: world.app.clone().at_site(origin()), ..world }
    }

    /// The set-up session after a right claim code.
    pub fn claimed(&self) -> Asker {
        let code = self.app.make_claim_code(&Actor::local(ActorKind::Operator)).unwrap();
        self.asker(&self.app.claim(&visitor(), &code.to_string()).unwrap())
    }

    /// A practice that was set up the whole way, with the owner's session proved by two things.
    pub fn founded() -> (Self, Keys, Entered) {
        let (world, owner, entered) = Self::founded_by_password();
        world.strengthen(&entered);
        (world, owner, entered)
    }

    /// A session counts as proved by two things, behind the use cases' backs.
    pub fn strengthen(&self, entered: &Entered) {
        let known: Result<Option<Session>, StoreError> = self.store.read(|tx| tx.find(&entered.token.session));
        self.put(&Session { strength: Strength::Strong, ..known.unwrap().unwrap() });
    }

    /// A practice that was set up with a password and nothing besides yet.
    pub fn founded_by_password() -> (Self, Keys, Entered) {
        let (world, owner) = (Self::unclaimed(), Keys::of(1));
        let founder = world.claimed();
        let entered = world.app.set_up(&founder.actor, &set_up(&owner)).unwrap();
        (world, owner, entered)
    }

    pub fn asker(&self, token: &Token) -> Asker {
        self.app.asker(Some(token), Some("192.0.2.0/24".to_owned()), None).unwrap()
    }

    /// Who the token of an earlier asker is now.
    pub fn asker_of(&self, earlier: &Asker) -> ActorKind {
        let known: Result<Option<Session>, StoreError> = self.store.read(|tx| tx.find(&earlier.session.unwrap()));
        match known.unwrap() {
            Some(session) if session.standing(session.proved_at, self.clock.now()) != Standing::Ended => {
                earlier.actor.kind
            }
            _ => ActorKind::Visitor,
        }
    }

    pub fn challenge(&self, keys: &Keys) -> LoginChallenge {
        self.app.login_challenge(&visitor(), LoginBy::Person(keys.person)).unwrap()
    }

    /// A fresh proof by one of a person's slots.
    pub fn proof(&self, keys: &Keys, slot: u8) -> Proof {
        answer(keys, slot, &origin(), &self.challenge(keys))
    }

    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.advance_ms(minutes * 60_000);
    }

    /// The codes in the audit log, in order.
    pub fn codes(&self) -> Vec<String> {
        self.log().into_iter().map(|entry| entry.code).collect()
    }
}
