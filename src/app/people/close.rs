//! Closing an account for good. The name stays for the history of what the person did, and so does their place in the
//! directory, a chain that cannot shrink; what let them in and what opened their keys is gone.

use super::erase::erase_own;
use super::{guard_last_owner, managed, set_state, tell_fellows, tell_owners};
use crate::app::account::remove_slot;
use crate::app::factor::take_all;
use crate::app::session::end_others;
use crate::app::{App, Error, recovery};
use crate::domain::audit::Event;
use crate::domain::id::PersonId;
use crate::domain::invite::Offer;
use crate::domain::person::{Person, PersonState};
use crate::domain::roster::InviteState;
use crate::domain::slot::Slot;
use crate::policy::{Actor, Permit, Right};
use crate::store::blobs::BlobKey;
use crate::store::rows::answer::FirstAnswer;
use crate::store::rows::keyring::Keyring;
use crate::store::{Reads as _, WriteTx};

/// What becomes of what somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataChoice {
    /// Sealed content stays with the members who are left.
    Keep,
    /// Besides, what nobody else can open is removed: the notebook, and spaces of theirs without other members.
    EraseOwn,
}

impl std::str::FromStr for DataChoice {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "keep" => Ok(Self::Keep),
            "erase-own" => Ok(Self::EraseOwn),
            _ => Err(()),
        }
    }
}

impl App {
    /// Closes somebody's account for good. Their sessions end at once.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `last-owner`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn close_account(&self, actor: &Actor, id: PersonId, data: DataChoice) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        let files = self.write(|tx| {
            let (_, person) = managed(tx, &permit, id)?;
            guard_last_owner(tx, &person)?;
            end_others(tx, &self.live, &permit, id, None, "account-closed")?;
            take_keys(tx, &permit, id)?;
            take_back_invites(tx, &permit, id)?;
            recovery::forget(tx, &permit, id)?;
            let own_too = data == DataChoice::EraseOwn;
            let erased = if own_too { erase_own(tx, &permit, id)? } else { Vec::new() };
            let at = tx.now();
            set_state(tx, &permit, &Person { email: None, ..person }, PersonState::Deleted { at })?;
            let event = Event::new("person.deleted").with("person", id).with("erased", own_too);
            tx.audit(&permit, event.with("files", erased.len()))?;
            tell_owners(tx, &permit, id)?;
            tell_fellows(tx, &permit, id)?;
            Ok(erased)
        })?;
        for key in files {
            // The row with the file's key is gone, so its bytes are noise; what stays behind here, a job collects.
            if let Err(error) = self.store.blobs().remove(&BlobKey::from_bytes(key)) {
                tracing::warn!(%error, "the bytes of an erased file stay until the next clean-up");
            }
        }
        Ok(())
    }
}

/// What let the person in, and what opened their keys.
fn take_keys(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    for slot in tx.scan::<Slot>(&person)? {
        remove_slot(tx, permit, &slot)?;
    }
    tx.remove::<Keyring>(&person, permit)?;
    take_all(tx, permit, person)?;
    for answer in tx.scan::<FirstAnswer>(&person)? {
        tx.remove::<FirstAnswer>(&(person, answer.key), permit)?;
    }
    Ok(())
}

fn take_back_invites(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    let offers: Vec<Offer> = tx.scan(&())?;
    for offer in offers.into_iter().filter(|offer| offer.by == person && offer.state == InviteState::Open) {
        tx.audit(permit, Event::new("invite.replaced").with("invite", offer.invite).with("by", "account-closed"))?;
        tx.put(&Offer { state: InviteState::Revoked, pending_grant: Vec::new(), ..offer }, permit)?;
    }
    Ok(())
}
