//! Reviews of who has access: begun, decided person by person, signed off by a fresh proof. A review decides nothing by
//! itself: whoever is to be changed or suspended is so by the verbs for that, and the review keeps what was decided.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::people::acting;
use super::roles::{custom_role, rights_of};
use super::{App, Error, Refusal};
use crate::crypto::random;
use crate::domain::audit::Event;
use crate::domain::id::{PersonId, ReviewId};
use crate::domain::person::{Person, PersonState};
use crate::domain::review::{Choice, Decision, Review, ReviewLine, SignOff, TIME_TO_FINISH, due, parse_note};
use crate::domain::security_policy::SecurityPolicy;
use crate::domain::slot::{Slot, SlotWord};
use crate::policy::{Actor, Right};
use crate::store::Reads;

/// All reviews, and when the next one is due.
#[derive(Clone, Debug)]
pub struct ReviewsSeen {
    /// The newest first.
    pub reviews: Vec<ReviewSeen>,
    /// When the next one is due.
    pub due_at: Timestamp,
}

/// A review, with what is known of its people now.
#[derive(Clone, Debug)]
pub struct ReviewSeen {
    /// The review.
    pub review: Review,
    /// Everybody whom it names.
    pub people: BTreeMap<PersonId, PersonNow>,
}

/// Somebody as they are now.
#[derive(Clone, Debug)]
pub struct PersonNow {
    /// What they are called.
    pub name: String,
    /// Whether they may come in.
    pub state: PersonState,
    /// How many passkeys open their keys.
    pub passkeys: usize,
    /// Whether a password does.
    pub password: bool,
}

impl App {
    /// Every review, and when the next one is due.
    ///
    /// # Errors
    /// The actor may not review access.
    pub fn reviews(&self, actor: &Actor) -> Result<ReviewsSeen, Error> {
        actor.may(Right::ReviewAccess)?;
        self.read(|tx| {
            let mut reviews: Vec<Review> = tx.scan(&())?;
            reviews.reverse();
            let last = reviews.iter().filter_map(|review| review.signed_off).map(|signed| signed.at).max();
            let began = super::sign_in::practice(tx)?.made_at;
            let reviews = reviews.into_iter().map(|review| see(tx, review)).collect::<Result<_, _>>()?;
            Ok(ReviewsSeen { reviews, due_at: due(last, began, review_days(tx)?) })
        })
    }

    /// Begins a review of everybody who works in the practice.
    ///
    /// # Errors
    /// `review-open` when one was begun already; the actor may not review access.
    pub fn open_review(&self, actor: &Actor) -> Result<ReviewSeen, Error> {
        let permit = actor.may(Right::ReviewAccess)?;
        self.write(|tx| {
            let by = acting(tx, &permit)?.person;
            if tx.scan::<Review>(&())?.iter().any(|review| review.signed_off.is_none()) {
                return Err(Refusal::new("review-open", "a review was begun already; finish that one").into());
            }
            let now = tx.now();
            let id = ReviewId::new(now, random::bytes());
            let due_at = now.saturating_add(TIME_TO_FINISH).unwrap_or(Timestamp::MAX);
            let people: Vec<Person> = tx.scan(&())?;
            let concerned = people.into_iter().filter(|person| person.role.is_colleague() && person.is_active());
            let lines = concerned.map(|person| line(tx, person)).collect::<Result<_, _>>()?;
            let review = Review { id, opened_at: now, due_at, by, lines, signed_off: None };
            tx.put(&review, &permit)?;
            tx.audit(&permit, Event::new("review.opened").with("review", id).with("people", review.lines.len()))?;
            see(tx, review)
        })
    }

    /// Decides about one person in an open review; a later decision replaces an earlier one.
    ///
    /// # Errors
    /// `review-oneself` where somebody else may review, too; `review-signed`, `field-refused` for the note; there is no such review or line; the actor may not review access.
    pub fn decide_review(
        &self,
        actor: &Actor,
        id: ReviewId,
        person: PersonId,
        choice: Choice,
        note: Option<&str>,
    ) -> Result<ReviewSeen, Error> {
        let permit = actor.may(Right::ReviewAccess)?;
        let note =
            parse_note(note.unwrap_or_default()).map_err(|error| Refusal::new("field-refused", error.to_string()))?;
        self.write(|tx| {
            let by = acting(tx, &permit)?.person;
            let mut review = open(tx, id)?;
            let at = tx.now();
            let line = review.line(person).ok_or(Error::NotFound)?;
            if by == person && has_other_reviewer(tx, by)? {
                let detail = "somebody else here may review access; they decide about you";
                return Err(Refusal::new("review-oneself", detail).into());
            }
            line.decision = Some(Decision { choice, note, by, at });
            tx.put(&review, &permit)?;
            let event = Event::new("review.decided").with("review", id).about(person);
            tx.audit(&permit, event.with("decision", choice.outcome()))?;
            see(tx, review)
        })
    }

    /// Signs a review off: everybody still active was decided about. Notes with those whose access is right that it was
    /// reviewed; whoever is to be changed is so by another act first.
    ///
    /// # Errors
    /// `review-undecided` with how many are left, `review-signed`, a proof that is too old; there is no such review; the
    /// actor may not review access.
    pub fn sign_off_review(&self, actor: &Actor, id: ReviewId) -> Result<ReviewSeen, Error> {
        let permit = actor.may(Right::ReviewAccess)?;
        actor.must_be_fresh()?;
        self.write(|tx| {
            let by = acting(tx, &permit)?.person;
            let mut review = open(tx, id)?;
            let at = tx.now();
            let people = still_there(tx, &review)?;
            let left = people.iter().filter(|(line, person)| line.decision.is_none() && person.is_active()).count();
            if left > 0 {
                let detail = format!("{left} people have no decision yet; decide about each, then sign");
                return Err(Refusal::new("review-undecided", detail).with("left", left).into());
            }
            let mut event = Event::new("review.signed-off").with("review", id);
            for (line, person) in people {
                event = event.about(line.person);
                if line.decision.is_some_and(|made| made.choice == Choice::Keep) {
                    tx.put(&Person { reviewed_at: Some(at), ..person }, &permit)?;
                }
            }
            review.signed_off = Some(SignOff { by, at });
            tx.put(&review, &permit)?;
            tx.audit(&permit, event)?;
            see(tx, review)
        })
    }
}

/// Days between reviews.
fn review_days(tx: &impl Reads) -> Result<u16, Error> {
    Ok(tx.find::<SecurityPolicy>(&())?.unwrap_or_default().review_days)
}

/// The review, if nobody signed it yet.
fn open(tx: &impl Reads, id: ReviewId) -> Result<Review, Error> {
    let review: Review = tx.find(&id)?.ok_or(Error::NotFound)?;
    match review.signed_off {
        None => Ok(review),
        Some(_) => {
            Err(Refusal::new("review-signed", "this review is signed and stays as it is; begin a new one").into())
        }
    }
}

fn line(tx: &impl Reads, person: Person) -> Result<ReviewLine, Error> {
    let rights = rights_of(tx, person.role)?.iter().map(|right| right.word().to_owned()).collect();
    Ok(ReviewLine {
        person: person.person,
        name: person.name,
        role: person.role,
        role_name: custom_role(tx, person.role)?.map(|role| role.name),
        rights,
        visited_at: person.visited_at,
        decision: None,
    })
}

fn still_there(tx: &impl Reads, review: &Review) -> Result<Vec<(ReviewLine, Person)>, Error> {
    let mut found = Vec::new();
    for line in &review.lines {
        if let Some(person) = tx.find::<Person>(&line.person)? {
            found.push((line.clone(), person));
        }
    }
    Ok(found)
}

/// Whether anybody else could decide: then nobody does about themselves.
fn has_other_reviewer(tx: &impl Reads, by: PersonId) -> Result<bool, Error> {
    for person in tx.scan::<Person>(&())? {
        let here = person.person != by && person.is_active() && !person.waits_for_kits();
        if here && rights_of(tx, person.role)?.has(Right::ReviewAccess) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn see(tx: &impl Reads, review: Review) -> Result<ReviewSeen, Error> {
    let named = review.lines.iter().flat_map(|line| [Some(line.person), line.decision.as_ref().map(|made| made.by)]);
    let signed = review.signed_off.map(|signed| signed.by);
    let named: Vec<PersonId> = named.chain([Some(review.by), signed]).flatten().collect();
    let mut people = BTreeMap::new();
    for id in named {
        if let Some(person) = tx.find::<Person>(&id)? {
            let slots: Vec<SlotWord> = tx.scan::<Slot>(&id)?.iter().map(|slot| slot.kind.word()).collect();
            let count = |word| slots.iter().filter(|kind| **kind == word).count();
            let (passkeys, password) = (count(SlotWord::Passkey), count(SlotWord::Password) > 0);
            people.insert(id, PersonNow { name: person.name, state: person.state, passkeys, password });
        }
    }
    Ok(ReviewSeen { review, people })
}
