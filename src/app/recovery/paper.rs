//! An owner's recovery paper: its recipient, signed. What the paper says never comes here.

use super::{acting_owner, word};
use crate::app::{App, Error, Refusal};
use crate::crypto::recovery::PaperStatement;
use crate::domain::audit::Event;
use crate::domain::recovery::Paper;
use crate::policy::{Actor, Right};

impl App {
    /// Keeps an owner's word for their recovery paper; a later one replaces it, and the plan has to be made anew.
    ///
    /// # Errors
    /// `paper-refused` with a reason, `owner-unconfirmed`; the actor is no owner, or the proof is too old.
    pub fn make_recovery_paper(&self, actor: &Actor, text: &str) -> Result<(), Error> {
        let permit = actor.may(Right::Recover)?;
        self.write(|tx| {
            let owner = acting_owner(tx, &permit)?;
            let stated =
                PaperStatement::parse(text, &owner.sign).map_err(|error| refused(word(error), error.to_string()))?;
            if stated.person != owner.person {
                return Err(refused("signer", "the statement names somebody else").into());
            }
            let (person, made_at) = (owner.person, tx.now());
            tx.put(&Paper { person, recipient: stated.recipient, statement: text.to_owned(), made_at }, &permit)?;
            Ok(tx.audit(&permit, Event::new("recovery.paper-made").about(person))?)
        })
    }
}

fn refused(reason: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new("paper-refused", detail).with("reason", reason)
}
