//! What looked unusual.

use jiff::Timestamp;
use poem_openapi::Object;

use super::activity::FactView;
use super::text::Text;
use crate::app::anomaly::{AnomalyPage, AnomalySeen};
use crate::domain::id::PersonId;

/// What looked unusual in the practice, newest first.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Anomalies")]
pub struct AnomaliesView {
    /// The anomalies.
    pub anomalies: Vec<AnomalyView>,
    /// The position to go on before, if there may be more.
    pub next: Option<u64>,
}

/// Something unusual.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Anomaly")]
pub struct AnomalyView {
    /// Its position in the audit log.
    pub n: u64,
    /// When.
    pub at: Text<Timestamp>,
    /// What, as a stable code.
    pub code: String,
    /// The network it came from, shortened to a prefix.
    pub network: Option<String>,
    /// Whom it is about.
    pub people: Vec<PersonNamedView>,
    /// Codes and numbers to word it with.
    pub facts: Vec<FactView>,
}

/// A person by name.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PersonNamed")]
pub struct PersonNamedView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called; empty if nobody knows any more.
    pub name: String,
}

impl From<AnomalyPage> for AnomaliesView {
    fn from(page: AnomalyPage) -> Self {
        Self { anomalies: page.anomalies.into_iter().map(Into::into).collect(), next: page.next }
    }
}

impl From<AnomalySeen> for AnomalyView {
    fn from(seen: AnomalySeen) -> Self {
        let named = |(person, name)| PersonNamedView { person: Text(person), name };
        Self {
            n: seen.n,
            at: Text(seen.at),
            code: seen.code,
            network: seen.network,
            people: seen.people.into_iter().map(named).collect(),
            facts: seen.facts.into_iter().map(|(name, value)| FactView { name, value }).collect(),
        }
    }
}
