//! Finishing a case: the keyring as the opening owner sealed it anew, and the link by which the person comes in. Whoever
//! returns comes in by that link alone: what let somebody in before may be in other hands.

use super::acting_owner;
use super::case::{going_on, told};
use super::opening::check;
use super::sweep::end_row;
use crate::app::account::{check_keyring, put_slot, remove_slot};
use crate::app::changes::account_change;
use crate::app::factor::take_all;
use crate::app::keyring::swap;
use crate::app::people::tell_owners;
use crate::app::session::end_others;
use crate::app::{App, Error, Refusal, link};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::id::{CaseId, PersonId, SlotId};
use crate::domain::link::{Link, LinkFor};
use crate::domain::person::{KitsProved, Person};
use crate::domain::recovery::{Case, End, Purpose};
use crate::domain::session::Strength;
use crate::domain::slot::{Slot, SlotKind};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads as _, WriteTx};

/// What a case is finished with.
#[derive(Clone, Debug)]
pub struct Finish {
    /// The version of the keyring that it replaces.
    pub version: u64,
    /// The keyring, sealed to the plan's recipient and to the link.
    pub body: Vec<u8>,
    /// The link.
    pub link: NewLink,
}

/// A link for somebody who is not in.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Its slot; chosen on the device.
    pub slot: SlotId,
    /// Public half of its login key.
    pub login_key: [u8; 32],
}

impl App {
    /// Finishes a case: its person comes in by the link. Somebody who returns has no other way in, no session and no
    /// second factor after it.
    ///
    /// # Errors
    /// `case-over`, `case-unopened`, `keyring-moved`, `keyring-refused`, `slots-refused`, and what opening it refuses;
    /// there is no such case; the actor is no owner, or the proof is too old.
    pub fn finish_recovery(&self, actor: &Actor, id: CaseId, finish: Finish) -> Result<(), Error> {
        let permit = actor.may(Right::Recover)?;
        check_keyring(&finish.body)?;
        let person = self.write(|tx| {
            let owner = acting_owner(tx, &permit)?.person;
            let case = going_on(tx, id)?;
            if case.opened.map(|(by, _)| by) != Some(owner) {
                return Err(Refusal::new("case-unopened", "open the case first; somebody else may have since").into());
            }
            check(tx, &case, owner)?;
            let (person, purpose) = (case.person, case.purpose);
            let version = swap(tx, &permit, person, finish.version, finish.body)?;
            match purpose {
                Purpose::Return => self.shut_out(tx, &permit, person)?,
            }
            let_in(tx, &permit, &case, &finish.link)?;
            let event = told("recovery.finished", &case).with("slot", finish.link.slot).with("version", version);
            end_row(tx, &permit, case, End::Finished)?;
            tx.audit(&permit, event)?;
            account_change(tx, &permit, person, ChangeKind::Keyring, &person)?;
            tell_owners(tx, &permit, person)?;
            Ok(person)
        })?;
        self.live.throttle.forget_person(person);
        Ok(())
    }

    /// Takes away every way in, every session and every second factor.
    fn shut_out(&self, tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
        for slot in tx.scan::<Slot>(&person)? {
            remove_slot(tx, permit, &slot)?;
            link::close(tx, permit, person, slot.slot)?;
            tx.audit(permit, Event::new("slot.removed").about(person).with("slot", slot.slot))?;
        }
        take_all(tx, permit, person)?;
        let row: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
        // The paper that was proved opens nothing any more.
        tx.put(&Person { kits: KitsProved { personal: false, ..row.kits }, ..row }, permit)?;
        end_others(tx, &self.live, permit, person, None, "recovered")
    }
}

fn let_in(tx: &mut WriteTx, permit: &Permit, case: &Case, new: &NewLink) -> Result<(), Error> {
    let (person, slot, made_at) = (case.person, new.slot, tx.now());
    let label = "link".to_owned();
    put_slot(tx, permit, &Slot { slot, person, kind: SlotKind::Link, label, login_key: new.login_key, made_at })?;
    let made_for = match case.purpose {
        Purpose::Return => LinkFor::Return,
    };
    // Owners brought them back, who looked at who it is: nothing else is asked for before they make ways of their own.
    let strength = Strength::Strong;
    tx.put(&Link { person, slot, made_for, by: None, strength, made_at, used: None, closed_at: None }, permit)?;
    tx.audit(permit, Event::new("slot.added").about(person).with("slot", slot).with("kind", "link"))?;
    Ok(())
}
