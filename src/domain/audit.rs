//! What the audit log says. Entries name who, when, where from and what; never sealed content, names or secrets.

use jiff::Timestamp;

use super::id::{DeviceId, PersonId};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// A person who is signed in, at one of their devices.
    Person {
        /// Who.
        person: PersonId,
        /// With what.
        device: Option<DeviceId>,
    },
    /// Somebody not signed in: claiming, joining, trying to sign in.
    Visitor,
    /// Whoever runs the command line on the server's machine.
    Operator,
    /// Alcove itself.
    System,
}

/// What happened: a stable code and named facts (ids, counts, codes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// A stable code such as `client.added`.
    pub code: &'static str,
    /// Named facts in the order they were given.
    pub facts: Vec<(&'static str, String)>,
}

impl Event {
    /// An event without facts yet.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, facts: Vec::new() }
    }

    /// The event with one more fact. Never pass content, a name, an address or a secret.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// One line of the log, as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Position, from 1, without gaps.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub doer: Doer,
    /// The network it came from, shortened to a prefix (/24 or /48); `None` for the machine itself.
    pub network: Option<String>,
    /// What, as a stable code.
    pub code: String,
    /// Named facts.
    pub facts: Vec<(String, String)>,
}
