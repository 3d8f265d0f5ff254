//! The keyring: a sealed file that only the device opens, replaced by compare-and-swap together with its slots.

use super::account::{NewSlot, check_keyring, check_slot_set, put_slot, remove_slot};
use super::changes::account_change;
use super::factor::strengthen;
use super::session::{Asker, end_others, strength_of};
use super::{App, Error, Refusal, link};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::id::{PersonId, SlotId};
use crate::domain::slot::{Slot, SlotWord};
use crate::policy::{ActorKind, Denied, Owes, Permit, Right};
use crate::store::rows::keyring::Keyring;
use crate::store::{Reads, WriteTx};

/// A new version of a keyring.
#[derive(Clone, Debug)]
pub struct KeyringChange {
    /// The version that it replaces.
    pub version: u64,
    /// The new age file.
    pub body: Vec<u8>,
    /// Slots that it is newly sealed to.
    pub add: Vec<NewSlot>,
    /// Slots that it is no longer sealed to.
    pub remove: Vec<SlotId>,
}

impl App {
    /// The asker's sealed keyring.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn keyring(&self, asker: &Asker) -> Result<Keyring, Error> {
        let permit = asker.actor.may(Right::OwnAccount)?;
        let (Some(person), Some(session)) = (permit.person(), asker.session) else { return Err(Error::NotFound) };
        let keyring = self.read(|tx| tx.find(&person)?.ok_or(Error::NotFound))?;
        self.hand_keyring(&permit, session, &keyring)?;
        Ok(keyring)
    }

    /// Replaces the asker's keyring; gives the new version. Removing a slot ends the person's other sessions, unless it
    /// is a link: that was meant to go.
    ///
    /// # Errors
    /// `keyring-moved`, `keyring-refused`, `slots-refused`, `passkey-refused`; the proof is too old to change the ways
    /// to unlock; the store's trouble.
    pub fn replace_keyring(&self, asker: &Asker, change: KeyringChange) -> Result<u64, Error> {
        let changes_slots = !change.add.is_empty() || !change.remove.is_empty();
        let permit = asker.actor.may(if changes_slots { Right::ChangeSignIn } else { Right::OwnAccount })?;
        let person = permit.person().ok_or(Error::NotFound)?;
        check_keyring(&change.body)?;
        let add = self.check_new_slots(person, change.add)?;
        self.write(|tx| {
            guard_links(asker, &add)?;
            let version = swap(tx, &permit, person, change.version, change.body)?;
            let ends = changes_slots && change_slots(tx, &permit, asker, &add, &change.remove)?;
            if add.iter().any(|slot| slot.kind.word() == SlotWord::Passkey) {
                // Making it has verified its user just now.
                strengthen(tx, &permit, asker)?;
            }
            if ends {
                end_others(tx, &self.live, &permit, person, asker.session, "ways-to-unlock-changed")?;
            }
            let event = Event::new("keyring.replaced").with("version", version).with("added", add.len());
            tx.audit(&permit, event.with("removed", change.remove.len()))?;
            account_change(tx, &permit, person, ChangeKind::Keyring, &person)?;
            Ok(version)
        })
    }
}

/// A session that lacks its second factor lets no other device in.
fn guard_links(asker: &Asker, add: &[Slot]) -> Result<(), Denied> {
    let waits = matches!(asker.actor.kind, ActorKind::Person { standing, .. } if standing.owes == Owes::SecondFactor);
    let links = add.iter().any(|slot| slot.kind.word() == SlotWord::Link);
    if waits && links { Err(Denied::FactorNeeded) } else { Ok(()) }
}

/// Puts a new version in the place of the one that it was made from; gives its number.
///
/// # Errors
/// `keyring-moved` when it was another one; the store's trouble.
pub(super) fn swap(
    tx: &mut WriteTx,
    permit: &Permit,
    person: PersonId,
    expected: u64,
    body: Vec<u8>,
) -> Result<u64, Error> {
    let held: Keyring = tx.find(&person)?.ok_or(Error::NotFound)?;
    if held.version != expected {
        let detail = "the keyring was changed on another device; fetch it and do it again";
        return Err(Refusal::new("keyring-moved", detail).with("version", held.version).into());
    }
    let version = held.version + 1;
    tx.put(&Keyring { person, version, body }, permit)?;
    Ok(version)
}

/// Gives whether a way to unlock was removed that somebody may have relied on.
fn change_slots(
    tx: &mut WriteTx,
    permit: &Permit,
    asker: &Asker,
    add: &[Slot],
    remove: &[SlotId],
) -> Result<bool, Error> {
    let person = permit.person().ok_or(Error::NotFound)?;
    let (now, strength, mut ends) = (tx.now(), strength_of(tx, asker)?, false);
    for id in remove {
        let slot: Slot = tx.find(&(person, *id))?.ok_or(Error::NotFound)?;
        remove_slot(tx, permit, &slot)?;
        link::close(tx, permit, person, *id)?;
        ends |= slot.kind.word() != SlotWord::Link;
        tx.audit(permit, Event::new("slot.removed").with("slot", id))?;
    }
    for slot in add {
        put_slot(tx, permit, &Slot { made_at: now, ..slot.clone() })?;
        link::offer(tx, permit, strength, slot)?;
        tx.audit(permit, Event::new("slot.added").with("slot", slot.slot).with("kind", slot.kind.word().word()))?;
    }
    check_slot_set(&tx.scan::<Slot>(&person)?)?;
    Ok(ends)
}
