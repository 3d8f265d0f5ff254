//! What the audit log says. Entries name who, when, where from and what; never sealed content, names or secrets.

use jiff::Timestamp;

use super::id::{DeviceId, PersonId};

/// The fact that names a person whom an entry is about.
const ABOUT: &str = "person";

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

    /// The event, marked as touching this person: they see it among the acts on their account.
    #[must_use]
    pub fn about(self, person: PersonId) -> Self {
        self.with(ABOUT, person)
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

/// What an entry is of, so that people find acts on their account among all that their devices read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Accounts and access: signing in, devices, ways to unlock, roles, rosters, administration.
    Account,
    /// Sealed content: records and files that were written, and what was handed to a device.
    Content,
}

impl Topic {
    /// The byte in keys and rows.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Account => 1,
            Self::Content => 2,
        }
    }

    /// The topic of a byte.
    #[must_use]
    pub const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Account),
            2 => Some(Self::Content),
            _ => None,
        }
    }
}

impl Entry {
    /// The first fact of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The people whom it is about.
    pub fn about(&self) -> impl Iterator<Item = PersonId> {
        self.facts.iter().filter(|(name, _)| name == ABOUT).filter_map(|(_, id)| id.parse().ok())
    }

    /// Everybody whom it concerns, each once: who did it, and whom it is about.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let doer = match self.doer {
            Doer::Person { person, .. } => Some(person),
            Doer::Visitor | Doer::Operator | Doer::System => None,
        };
        let mut people: Vec<_> = doer.into_iter().chain(self.about()).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// What it is of. Part of the format: the index of the log is kept by it.
    #[must_use]
    pub fn topic(&self) -> Topic {
        let of_space = self.code == "delivered" && self.fact("keyring").is_none();
        let of_content = self.code.starts_with("record.") || self.code.starts_with("file.");
        if of_space || of_content { Topic::Content } else { Topic::Account }
    }
}

/// That an entry concerns a person: a row of the log's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Whom.
    pub person: PersonId,
    /// What the entry is of.
    pub topic: Topic,
    /// The entry's position.
    pub n: u64,
}

impl Mention {
    /// All that belong to an entry.
    pub fn of(entry: &Entry) -> impl Iterator<Item = Self> {
        let (topic, n) = (entry.topic(), entry.n);
        entry.people().into_iter().map(move |person| Self { person, topic, n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(doer: Doer, event: Event) -> Entry {
        let facts = event.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Entry { n: 7, at: Timestamp::UNIX_EPOCH, doer, network: None, code: event.code.to_owned(), facts }
    }

    #[test]
    fn an_entry_concerns_its_doer_and_whom_it_is_about_once_each() {
        let (ada, eva) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
        let by_ada = Doer::Person { person: ada, device: None };
        let people = |doer, event| entry(doer, event).people();
        assert_eq!(people(by_ada, Event::new("roster.added").about(eva)), [ada, eva]);
        assert_eq!(people(by_ada, Event::new("kit.proved").about(ada)), [ada]);
        assert_eq!(people(Doer::Visitor, Event::new("sign-in.failed").with("person", "unknown")), []);
        assert_eq!(people(Doer::System, Event::new("x").about(eva).about(ada)), [ada, eva]);
    }

    #[test]
    fn reading_and_writing_content_is_a_topic_of_its_own() {
        let topic = |event| entry(Doer::System, event).topic();
        assert_eq!(topic(Event::new("delivered").with("space", 1)), Topic::Content);
        assert_eq!(topic(Event::new("delivered").with("keyring", 1)), Topic::Account);
        assert_eq!(topic(Event::new("record.written")), Topic::Content);
        assert_eq!(topic(Event::new("roster.added")), Topic::Account);
        assert!([Topic::Account, Topic::Content].iter().all(|topic| Topic::of_byte(topic.byte()) == Some(*topic)));
    }
}
