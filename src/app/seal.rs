//! How the practice's file is sealed: ways to unlock come and go while it is open, each with an audit entry. The
//! secrets are typed on the server's machine; a restore kit's never comes here.

use super::{App, Error};
use crate::crypto::{HybridRecipient, sign::sha256};
use crate::domain::audit::Event;
use crate::domain::practice::Practice;
use crate::domain::text::b64u;
use crate::policy::{Actor, Right};
use crate::store::{Reads as _, SealInfo, SlotInfo, SlotKind, SlotSecret, StoreError, Unlock};

/// What a restore kit is compared with, and what a new one says besides its key.
#[derive(Clone, Debug)]
pub struct KitFacts {
    /// The practice's name and origin, once it is set up.
    pub practice: Option<(String, String)>,
    /// Fingerprint of the backup-signing key.
    pub backup_key: String,
    /// What backups are sealed to.
    pub backups_to: Option<String>,
    /// The slot of the data key.
    pub slot: Option<SlotInfo>,
}

/// What happened to the seal, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealTurn {
    /// A sealed server was opened with this.
    Opened(SlotKind),
    /// The keys are about to leave memory.
    Locked,
}

impl App {
    /// How the file is sealed.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn seal_info(&self, actor: &Actor) -> Result<SealInfo, Error> {
        actor.may(Right::Operate)?;
        Ok(self.store.engine().seal_info().map_err(StoreError::from)?)
    }

    /// Adds a way to unlock in the place of one of its kind, and proves that it opens the file.
    ///
    /// # Errors
    /// It does not; the asker may not; the store's trouble.
    pub fn add_way_to_unlock(&self, actor: &Actor, secret: &SlotSecret, proof: &Unlock) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            // As at set-up: the slots are not part of the transaction, so they change last.
            tx.audit(&permit, Event::new("seal.slot-added").with("kind", word(proof.kind())))?;
            Ok(self.store.engine().add_proved_slot(secret, proof).map_err(StoreError::from)?)
        })
    }

    /// Removes a way to unlock, once another one was proved.
    ///
    /// # Errors
    /// There is none of this kind, it is the last one, or `proof` does not open the file; the asker may not; the store's
    /// trouble.
    pub fn remove_way_to_unlock(&self, actor: &Actor, kind: SlotKind, proof: &Unlock) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        let engine = self.store.engine();
        engine.prove(proof).map_err(StoreError::from)?;
        self.write(|tx| {
            tx.audit(&permit, Event::new("seal.slot-removed").with("kind", word(kind)))?;
            Ok(engine.remove_slot(kind).map_err(StoreError::from)?)
        })
    }

    /// Makes this the restore kit's public half: the data key and backups from now on are sealed to it. Backups made
    /// before still need the kit of their time.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn put_restore_kit(&self, actor: &Actor, recipient: &HybridRecipient) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            if let Some(mut practice) = tx.find::<Practice>(&())? {
                practice.restore_kit = recipient.to_string();
                tx.put(&practice, &permit)?;
            }
            let event = Event::new("kit.slot-added").with("kind", "restore");
            tx.audit(&permit, event.with("recipient", recipient_name(recipient)))?;
            let slot = SlotSecret::RestoreKit(Box::new(recipient.clone()));
            Ok(self.store.engine().add_slot(&slot).map_err(StoreError::from)?)
        })
    }

    /// What a restore kit is compared with. Its secret half stays with whoever compares.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn kit_facts(&self, actor: &Actor) -> Result<KitFacts, Error> {
        let slots = self.seal_info(actor)?.slots;
        let backup_key = self.backup_key()?.fingerprint();
        let practice: Option<Practice> = self.read(|tx| Ok(tx.find(&())?))?;
        Ok(KitFacts {
            backups_to: practice.as_ref().map(|practice| practice.restore_kit.clone()),
            practice: practice.map(|practice| (practice.name, practice.origin.to_string())),
            backup_key,
            slot: slots.into_iter().find(|slot| slot.kind == SlotKind::RestoreKit),
        })
    }

    /// Notes that somebody compared a restore kit.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn note_kit_verified(&self, actor: &Actor, is_good: bool) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        let event = Event::new("kit.verified").with("kind", "restore").with("good", if is_good { "yes" } else { "no" });
        self.write(|tx| Ok(tx.audit(&permit, event)?))
    }

    /// Notes that the practice was opened or is about to be sealed.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn note_seal_turn(&self, actor: &Actor, turn: SealTurn) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        let event = match turn {
            SealTurn::Opened(kind) => Event::new("seal.opened").with("kind", word(kind)),
            SealTurn::Locked => Event::new("seal.locked"),
        };
        self.write(|tx| Ok(tx.audit(&permit, event)?))
    }
}

/// A name that people compare: the beginning of the recipient's hash.
#[must_use]
pub fn recipient_name(recipient: &HybridRecipient) -> String {
    b64u(&sha256(&recipient.to_bytes())[..12])
}

const fn word(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Keyfile => "keyfile",
        SlotKind::Passphrase => "passphrase",
        SlotKind::RestoreKit => "restore",
        SlotKind::Unknown(_) => "unknown",
    }
}
