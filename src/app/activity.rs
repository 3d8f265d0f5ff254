//! What happened to an account, for its holder: read from the audit log by its index. Names whoever did it as far as the
//! asker may know, never ids of other people, never content.

use jiff::Timestamp;

use super::{App, Error};
use crate::domain::audit::{Doer, Entry, Mention, Topic};
use crate::domain::device::Device;
use crate::domain::id::{CaseId, DeviceId, PersonId};
use crate::domain::person::Person;
use crate::domain::recovery::Case;
use crate::policy::{Actor, Right};
use crate::store::Reads;
use crate::store::audit::StoredEntry;

/// Acts on one page at most.
const PAGE_MAX: usize = 200;
/// Acts on a page unless told.
const PAGE: usize = 50;
/// Entries looked at for one page; then the device asks on.
const LOOKED_AT_MAX: usize = 4096;
/// Entries looked at in one go.
const BATCH: usize = 128;

/// What a person does about their own account. Everything else that they do is work.
const OF_OWN_ACCOUNT: [&str; 14] = [
    "anomaly.",
    "attested",
    "device.",
    "factor.",
    "kit.",
    "link.",
    "practice.set-up",
    "recovery-code",
    "recovery.agreed",
    "recovery.declined",
    "recovery.paper",
    "session.",
    "sign-in.",
    "slot.",
];
/// What happens by the way, or is told by another entry of the same moment.
const UNTOLD: [&str; 7] =
    ["delivered", "keyring.replaced", "person.added", "roster.joined", "session.locked", "sign-in.done", "space.begun"];
/// Facts that say no more than codes, numbers and words of the product.
const TOLD_FACTS: [&str; 18] = [
    "accounts",
    "from",
    "to",
    "after",
    "before",
    "bodies",
    "choice",
    "decision",
    "how",
    "kind",
    "method",
    "purpose",
    "new_device",
    "role",
    "state",
    "strength",
    "up_to",
    "why",
];

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Only acts before this position.
    pub before: Option<u64>,
    /// How many.
    pub limit: Option<usize>,
    /// Of what.
    pub topic: Topic,
}

/// Acts, newest first.
#[derive(Clone, Debug)]
pub struct ActivityPage {
    /// The acts.
    pub acts: Vec<Act>,
    /// The position to go on before, if there may be more.
    pub next: Option<u64>,
}

/// Something that was done, seen from one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its position in the audit log.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// What, as a stable code.
    pub code: String,
    /// How it concerns the account.
    pub part: Part,
    /// Who did it.
    pub by: By,
    /// The network it came from, shortened to a prefix.
    pub network: Option<String>,
    /// What the account's holder calls the device, if it is theirs and still known.
    pub device: Option<String>,
    /// Codes and numbers to word it with.
    pub facts: Vec<(String, String)>,
}

/// How an act concerns an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its holder, or somebody who tries to be, comes in or changes how to.
    Own,
    /// Somebody else did something to it.
    Touched,
    /// Its holder did something else.
    Done,
}

/// Who did it, as the asker may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The account's holder.
    Holder,
    /// Somebody else, by name.
    Person(String),
    /// Somebody who was not signed in.
    Visitor,
    /// Whoever runs the command line on the server's machine.
    Operator,
    /// Alcove itself.
    System,
}

impl App {
    /// What happened to the asker's own account, newest first.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn own_activity(&self, actor: &Actor, look: Look) -> Result<ActivityPage, Error> {
        let person = actor.may(Right::OwnAccount)?.person().ok_or(Error::NotFound)?;
        self.read(|tx| page(tx, person, look, |part| part != Part::Done))
    }

    /// What happened to somebody's account and what they did, newest first; what they read and wrote is not told.
    ///
    /// # Errors
    /// The asker may not see everybody's sign-ins, or there is no such person.
    pub fn activity_of(&self, actor: &Actor, person: PersonId, look: Look) -> Result<ActivityPage, Error> {
        actor.may(Right::SeeSecurity)?;
        self.read(|tx| {
            tx.find::<Person>(&person)?.ok_or(Error::NotFound)?;
            page(tx, person, Look { topic: Topic::Account, ..look }, |_| true)
        })
    }
}

/// The acts on one account that are wanted.
fn page(tx: &impl Reads, person: PersonId, look: Look, wanted: impl Fn(Part) -> bool) -> Result<ActivityPage, Error> {
    let limit = look.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let mut before = look.before.unwrap_or(u64::MAX);
    let mut acts = Vec::new();
    for _ in 0..LOOKED_AT_MAX / BATCH {
        let batch: Vec<Mention> = tx.scan_before(&(person, [look.topic.byte()]), &before, BATCH)?;
        for mention in &batch {
            before = mention.n;
            let Some(stored) = tx.find::<StoredEntry>(&mention.n)? else { continue };
            let Some(part) = part_of(&stored.entry, person).filter(|part| wanted(*part)) else { continue };
            acts.push(act(tx, person, stored.entry, part)?);
            if acts.len() == limit {
                return Ok(ActivityPage { acts, next: Some(before) });
            }
        }
        if batch.len() < BATCH {
            return Ok(ActivityPage { acts, next: None });
        }
    }
    Ok(ActivityPage { acts, next: Some(before) })
}

/// How an entry concerns this account; nothing if it needs no telling.
fn part_of(entry: &Entry, holder: PersonId) -> Option<Part> {
    let of_content = entry.topic() == Topic::Content;
    if !of_content && UNTOLD.contains(&entry.code.as_str()) {
        return None;
    }
    match entry.doer {
        Doer::Person { person, .. } if person != holder => Some(Part::Touched),
        Doer::Person { .. } => {
            let own = OF_OWN_ACCOUNT.iter().any(|code| entry.code.starts_with(code));
            Some(if own { Part::Own } else { Part::Done })
        }
        Doer::Operator => Some(Part::Touched),
        Doer::Visitor | Doer::System => Some(Part::Own),
    }
}

fn act(tx: &impl Reads, holder: PersonId, entry: Entry, part: Part) -> Result<Act, Error> {
    let (by, at_device) = match entry.doer {
        Doer::Person { person, device } if person == holder => (By::Holder, device),
        Doer::Person { person, .. } => {
            (By::Person(tx.find::<Person>(&person)?.map_or_else(String::new, |person| person.name)), None)
        }
        Doer::Visitor => (By::Visitor, None),
        Doer::Operator => (By::Operator, None),
        Doer::System => (By::System, None),
    };
    // Signing in names the device that the session is for.
    let named = entry.fact("device").and_then(|id| id.parse::<DeviceId>().ok());
    let device = named.or(at_device).map(|id| tx.find::<Device>(&(holder, id))).transpose()?.flatten();
    let mut facts: Vec<_> =
        entry.facts.iter().filter(|(name, _)| TOLD_FACTS.contains(&name.as_str())).cloned().collect();
    if entry.code == "session.opened" {
        facts.extend(way_in(tx, &entry)?.map(|kind| ("kind".to_owned(), kind)));
    }
    facts.extend(reason(tx, holder, &entry)?.map(|reason| ("reason".to_owned(), reason)));
    let Entry { n, at, network, code, .. } = entry;
    Ok(Act { n, at, code, part, by, network, device: device.map(|device| device.name.unwrap_or(device.label)), facts })
}

/// Why somebody wants this account's holder brought back: in the words of the case, which the log does not repeat.
fn reason(tx: &impl Reads, holder: PersonId, entry: &Entry) -> Result<Option<String>, Error> {
    let Some(id) = entry.fact("case").and_then(|id| id.parse::<CaseId>().ok()) else { return Ok(None) };
    let case = tx.find::<Case>(&id)?.filter(|case| case.person == holder);
    Ok(case.map(|case| case.reason))
}

/// The kind of slot that a session was opened by: the entry after it, of the same moment, says so.
fn way_in(tx: &impl Reads, opened: &Entry) -> Result<Option<String>, Error> {
    let next = tx.find::<StoredEntry>(&(opened.n + 1))?.map(|stored| stored.entry);
    let same = next.filter(|next| next.code == "sign-in.done" && next.at == opened.at);
    Ok(same.and_then(|next| next.fact("kind").map(str::to_owned)))
}
