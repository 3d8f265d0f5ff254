//! Beginning to make a passkey: in set-up, when joining, and later beside other slots.

use super::challenges::Asked;
use super::invite::open_offer;
use super::practice::guard_new;
use super::sign_in::{PasskeyChallenge, practice, unavailable};
use super::{App, Error};
use crate::crypto::passkey::{Passkeys, credential_id};
use crate::domain::id::{InviteId, PersonId};
use crate::domain::origin::Origin;
use crate::domain::person::parse_name;
use crate::domain::slot::{Slot, SlotKind};
use crate::policy::{Actor, ActorKind, Right};
use crate::store::Reads;

/// What the passkey will be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The first owner's, in set-up.
    SetUp,
    /// That of whoever joins by this invite.
    Join(InviteId),
    /// One more for a person who is signed in.
    Add,
}

/// A challenge to make a passkey.
#[derive(Clone, Debug)]
pub struct MakingChallenge {
    /// The challenge itself.
    pub challenge: PasskeyChallenge,
    /// Credential ids that the authenticator must not hold yet.
    pub exclude: Vec<Vec<u8>>,
    /// What the practice is called, for the authenticator's list.
    pub practice: String,
}

impl App {
    /// Begins to make a passkey for a person.
    ///
    /// # Errors
    /// The asker may not; `passkeys-unavailable`, `field-refused`; the invite is not open; the store's trouble.
    pub fn begin_passkey(
        &self,
        actor: &Actor,
        person: PersonId,
        name: &str,
        purpose: Purpose,
    ) -> Result<MakingChallenge, Error> {
        let name = super::account::field("name", parse_name(name))?;
        let permit = match purpose {
            Purpose::SetUp => actor.may(Right::SetUpPractice)?,
            // Whoever is signed in at this browser may join as a new person all the same.
            Purpose::Join(_) => Actor { kind: ActorKind::Visitor, network: actor.network.clone() }.may(Right::Join)?,
            Purpose::Add => actor.may(Right::OwnAccount)?,
        };
        if purpose == Purpose::Add && permit.person() != Some(person) {
            return Err(Error::NotFound);
        }
        let (origin, practice, exclude) = self.read(|tx| {
            guard_invite(tx, purpose, self.clock.now())?;
            let (origin, practice) = self.place(tx, purpose)?;
            Ok((origin, practice, if purpose == Purpose::Add { credentials(tx, person)? } else { Vec::new() }))
        })?;
        let passkeys = Passkeys::at(&origin).map_err(unavailable)?;
        let (bytes, making) = passkeys.begin_making(person, &name).map_err(unavailable)?;
        let asked = Asked::MakePasskey { person, making };
        let challenge = self.live.challenges.put(self.clock.now(), origin, asked);
        Ok(MakingChallenge {
            challenge: PasskeyChallenge { challenge, rp_id: passkeys.rp_id, bytes },
            exclude,
            practice,
        })
    }

    /// Where passkeys belong: the practice's origin, or before set-up the one that the server was started with.
    fn place(&self, tx: &impl Reads, purpose: Purpose) -> Result<(Origin, String), Error> {
        if purpose != Purpose::SetUp {
            let practice = practice(tx)?;
            return Ok((practice.origin, practice.name));
        }
        guard_new(tx)?;
        Ok((self.site.clone().ok_or(Error::NotFound)?, "Alcove".to_owned()))
    }
}

fn guard_invite(tx: &impl Reads, purpose: Purpose, now: jiff::Timestamp) -> Result<(), Error> {
    let Purpose::Join(invite) = purpose else { return Ok(()) };
    open_offer(tx, invite, now).map(drop)
}

fn credentials(tx: &impl Reads, person: PersonId) -> Result<Vec<Vec<u8>>, Error> {
    let slots: Vec<Slot> = tx.scan(&person)?;
    Ok(slots
        .iter()
        .filter_map(|slot| match &slot.kind {
            SlotKind::Passkey { verifier, .. } => credential_id(verifier),
            _ => None,
        })
        .collect())
}
