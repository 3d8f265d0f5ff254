//! What a device learns about the person who is signed in.

use jiff::Timestamp;

use super::changes::cursor;
use super::directory;
use super::factor::{factors_of, is_missing};
use super::restore::anchor;
use super::roles::{custom_role, rights_of};
use super::security_policy::password_expired;
use super::session::{Asker, strength_of};
use super::sign_in::practice;
use super::space::{SpaceSeen, spaces_of};
use super::{App, Error};
use crate::domain::directory::DirectoryHead;
use crate::domain::factor::Factors;
use crate::domain::id::DeviceId;
use crate::domain::person::Person;
use crate::domain::practice::{Anchor, Installation, LogEnd, Practice};
use crate::domain::session::Strength;
use crate::domain::slot::Slot;
use crate::policy::{ActorKind, Right, Rights};
use crate::store::Reads;
use crate::store::rows::keyring::Keyring;
use crate::store::rows::restore::RestoreSigned;

/// A person at a device.
#[derive(Clone, Debug)]
pub struct Me {
    /// Who.
    pub person: Person,
    /// Where.
    pub practice: Practice,
    /// What their role may do.
    pub rights: Rights,
    /// The role's name, if the practice made it for itself.
    pub role_name: Option<String>,
    /// What is asked of them.
    pub asked: AskedOf,
    /// Version of the keyring.
    pub keyring_version: u64,
    /// The device of the session.
    pub device: DeviceId,
    /// Whether the session is locked.
    pub locked: bool,
    /// How much this session proved.
    pub strength: Strength,
    /// Their second factors.
    pub factors: Factors,
    /// The spaces they belong to; none while locked.
    pub spaces: Vec<SpaceSeen>,
    /// The ways to unlock their keyring.
    pub slots: Vec<Slot>,
    /// Where the directory ends.
    pub directory: DirectoryHead,
    /// Where their account cursor stands.
    pub account_cursor: u64,
    /// The anchor to remember.
    pub anchor: Anchor,
    /// Where the log of a restored copy ended that waits for an owner's signature.
    pub restored: Option<LogEnd>,
    /// The restores that owners signed for.
    pub restore_statements: Vec<String>,
}

/// What the practice's rules ask of a person at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedOf {
    /// To attest again that they are still who looks after the practice.
    pub attestation: bool,
    /// To change a password that has run out, before anything else.
    pub password: bool,
    /// A second factor, before anything else.
    pub factor: bool,
}

impl App {
    /// Who is signed in. A locked session learns no more than it takes to unlock.
    ///
    /// # Errors
    /// Nobody is signed in, or the store's trouble.
    pub fn me(&self, asker: &Asker) -> Result<Me, Error> {
        let permit = asker.actor.may(Right::EndSession)?;
        let id = permit.person().ok_or(Error::NotFound)?;
        let ActorKind::Person { device, standing, .. } = asker.actor.kind else { return Err(Error::NotFound) };
        let now = self.clock.now();
        self.read(|tx| {
            let person: Person = tx.find(&id)?.ok_or(Error::NotFound)?;
            Me::of(tx, &person, device, standing.locked, strength_of(tx, asker)?, now)
        })
    }
}

impl Me {
    /// What this person's device learns, inside whatever transaction.
    ///
    /// # Errors
    /// The store's trouble.
    pub(super) fn of(
        tx: &impl Reads,
        person: &Person,
        device: DeviceId,
        locked: bool,
        strength: Strength,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let id = person.person;
        let installation: Installation = tx.find(&())?.ok_or(Error::NotFound)?;
        let statements: Vec<RestoreSigned> = tx.scan(&())?;
        Ok(Self {
            practice: practice(tx)?,
            asked: AskedOf {
                attestation: person.attestation_due(now),
                password: password_expired(tx, person, now)?,
                factor: is_missing(tx, person, strength)?,
            },
            rights: rights_of(tx, person.role)?,
            role_name: custom_role(tx, person.role)?.map(|role| role.name),
            keyring_version: tx.find::<Keyring>(&id)?.map_or(0, |keyring| keyring.version),
            device,
            locked,
            strength,
            factors: factors_of(tx, id)?,
            spaces: if locked { Vec::new() } else { spaces_of(tx, id, now)? },
            slots: tx.scan(&id)?,
            directory: directory::end(tx)?,
            account_cursor: cursor(tx, id)?,
            anchor: anchor(tx)?,
            restored: installation.restored,
            restore_statements: statements.into_iter().map(|signed| signed.statement).collect(),
            person: person.clone(),
        })
    }
}
