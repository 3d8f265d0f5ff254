//! Making an account, the same way for the founder and for whoever joins by invite.

mod check;

pub use check::{CheckedAccount, NewAccount, NewSlot, NewSlotKind};
pub(super) use check::{check_keyring, check_slot_set, field};

use super::changes::account_change;
use super::directory;
use super::{Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::person::{KitsProved, Person, PersonState, parse_name};
use crate::domain::role::Role;
use crate::domain::session::Strength;
use crate::domain::slot::{Slot, SlotKind, SlotWord};
use crate::policy::Permit;
use crate::store::rows::keyring::Keyring;
use crate::store::rows::slot::{Credential, LoginKey};
use crate::store::{Reads as _, WriteTx};

/// Makes the person with keyring, slots and directory leaf, inside the transaction of whatever admits them.
///
/// # Errors
/// `person-exists`, `slots-refused` when a login key or passkey is taken; the store's trouble.
pub fn create(tx: &mut WriteTx, permit: &Permit, account: CheckedAccount, role: Role) -> Result<Person, Error> {
    if tx.find::<Person>(&account.keys.person)?.is_some() {
        return Err(Refusal::new("person-exists", "this person is here already; sign in instead").into());
    }
    let leaf = directory::append(tx, permit, account.tag, &account.salt, &account.statement)?;
    let now = tx.now();
    let person = Person {
        person: account.keys.person,
        name: account.name,
        email: account.email,
        zone: account.zone,
        role,
        sign: account.keys.sign,
        recipient: account.keys.recipient,
        statement: account.statement,
        salt: account.salt,
        leaf: leaf.n,
        kits: KitsProved::default(),
        made_at: now,
        visited_at: now,
        visited_before_at: None,
        state: PersonState::Active,
        reviewed_at: None,
        attested_at: Some(now),
    };
    tx.put(&person, permit)?;
    tx.put(&Keyring { person: person.person, version: 1, body: account.keyring }, permit)?;
    for new in account.slots {
        put_slot(tx, permit, &Slot { made_at: now, ..new })?;
    }
    let event = Event::new("person.added").about(person.person).with("role", role);
    tx.audit(permit, event.with("leaf", leaf.n))?;
    account_change(tx, permit, person.person, ChangeKind::Keyring, &person.person)?;
    Ok(person)
}

/// How much making an account with these slots proved: making a passkey verifies its user.
pub(super) fn strength_of(account: &CheckedAccount) -> Strength {
    let has_passkey = account.slots.iter().any(|slot| slot.kind.word() == SlotWord::Passkey);
    if has_passkey { Strength::Strong } else { Strength::Single }
}

/// The label of a device.
///
/// # Errors
/// `field-refused`.
pub(super) fn device_label(text: &str) -> Result<String, Error> {
    check::field("device", parse_name(text))
}

/// Puts a slot in, with the ways to find it.
///
/// # Errors
/// `slots-refused` when its login key or passkey belongs to a slot already; the store's trouble.
pub(super) fn put_slot(tx: &mut WriteTx, permit: &Permit, slot: &Slot) -> Result<(), Error> {
    let (person, id) = (slot.person, slot.slot);
    let mut taken = tx.find::<Slot>(&(person, id))?.is_some() || tx.find::<LoginKey>(&slot.login_key)?.is_some();
    if let SlotKind::Passkey { credential, .. } = slot.kind {
        taken |= tx.find::<Credential>(&credential)?.is_some();
        tx.put(&Credential { hash: credential, person, slot: id }, permit)?;
    }
    if taken {
        return Err(Refusal::new("slots-refused", "this way to unlock is in use already; make a new one").into());
    }
    tx.put(&LoginKey { key: slot.login_key, person, slot: id }, permit)?;
    tx.put(slot, permit)?;
    Ok(())
}

/// Takes a slot out, with the ways to find it.
///
/// # Errors
/// The store's trouble.
pub(super) fn remove_slot(tx: &mut WriteTx, permit: &Permit, slot: &Slot) -> Result<(), Error> {
    if let SlotKind::Passkey { credential, .. } = slot.kind {
        tx.remove::<Credential>(&credential, permit)?;
    }
    tx.remove::<LoginKey>(&slot.login_key, permit)?;
    tx.remove::<Slot>(&(slot.person, slot.slot), permit)?;
    Ok(())
}
