//! Repeats: a request that names an idempotency key is carried out once; its repeats get the first answer again. The
//! answer is kept in the same transaction as the work, so that no crash can part the two.

use jiff::{SignedDuration, Timestamp};

use super::{App, Error, Refusal};
use crate::domain::id::PersonId;
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::rows::answer::FirstAnswer;
use crate::store::{Reads, Row, WriteTx};

/// How long first answers are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a key at most.
const KEY_MAX: usize = 64;

/// What makes two requests the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    key: String,
    route: String,
    body_hash: [u8; 32],
}

impl Once {
    /// A request with this key, route with its ids (such as `POST /spaces/spc_…/records`) and SHA-256 of its body.
    ///
    /// # Errors
    /// `idempotency-refused`: the key is empty, longer than 64 characters, or not plain ASCII.
    pub fn new(key: &str, route: impl Into<String>, body_hash: [u8; 32]) -> Result<Self, Error> {
        if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Refusal::new("idempotency-refused", "an idempotency key has 1 to 64 plain characters").into());
        }
        Ok(Self { key: key.to_owned(), route: route.into(), body_hash })
    }
}

/// An answer that can be kept and given again.
pub trait Answer: Sized {
    /// The answer as bytes.
    fn to_bytes(&self) -> Vec<u8>;
    /// The answer of these bytes; `None` when they are of another form.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl<R: Row> Answer for R {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![R::VERSION];
        bytes.extend(self.encode());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, body) = bytes.split_first()?;
        Self::decode(*version, body).ok()
    }
}

impl Answer for () {
    fn to_bytes(&self) -> Vec<u8> {
        Vec::new()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.is_empty().then_some(())
    }
}

impl App {
    /// As `write`, but a repeat of the same request gives the first answer and does nothing. Either takes the
    /// right: an answer is not given again to a session that is locked by now.
    ///
    /// # Errors
    /// The actor lacks the right; what `work` returns; `idempotency-mismatch` when the key was used for something else.
    pub(crate) fn write_once<T: Answer>(
        &self,
        actor: &Actor,
        right: Right,
        once: Option<&Once>,
        work: impl FnOnce(&mut WriteTx, &Permit) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let permit = actor.may(right)?;
        let (Some(once), ActorKind::Person { person, .. }) = (once, actor.kind) else {
            return self.write(|tx| work(tx, &permit));
        };
        self.write(|tx| {
            if let Some(earlier) = earlier(tx, person, once)? {
                return T::from_bytes(&earlier).ok_or_else(mismatch);
            }
            let answer = work(tx, &permit)?;
            let (key, route, body_hash) = (once.key.clone(), once.route.clone(), once.body_hash);
            let kept = FirstAnswer { person, key, route, body_hash, answer: answer.to_bytes(), at: tx.now() };
            tx.put(&kept, &permit)?;
            Ok(answer)
        })
    }
}

fn earlier(tx: &WriteTx, person: PersonId, once: &Once) -> Result<Option<Vec<u8>>, Error> {
    let Some(kept) = tx.find::<FirstAnswer>(&(person, once.key.clone()))? else { return Ok(None) };
    if tx.now().duration_since(kept.at) >= KEPT {
        return Ok(None);
    }
    if kept.route != once.route || kept.body_hash != once.body_hash {
        return Err(mismatch());
    }
    Ok(Some(kept.answer))
}

fn mismatch() -> Error {
    Refusal::new("idempotency-mismatch", "this idempotency key was used for another request; make a new one").into()
}

/// Whether any answer is older than a day.
///
/// # Errors
/// The store's trouble.
pub(super) fn any_old(tx: &impl Reads, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.scan::<FirstAnswer>(&())?.iter().any(|kept| now.duration_since(kept.at) >= KEPT))
}

/// Forgets answers that are older than a day.
///
/// # Errors
/// The store's trouble.
pub(super) fn forget_old(tx: &mut WriteTx, permit: &Permit) -> Result<usize, Error> {
    let now = tx.now();
    let mut old: Vec<FirstAnswer> = tx.scan(&())?;
    old.retain(|kept| now.duration_since(kept.at) >= KEPT);
    for kept in &old {
        tx.remove::<FirstAnswer>(&kept.key(), permit)?;
    }
    Ok(old.len())
}
