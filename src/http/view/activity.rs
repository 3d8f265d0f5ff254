//! What happened to an account.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::activity::{Act, ActivityPage, By, Part};

/// Acts on an account, newest first.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Activity")]
pub struct ActivityView {
    /// The acts.
    pub acts: Vec<ActView>,
    /// The position to go on before, if there may be more.
    pub next: Option<u64>,
}

/// Something that was done, seen from one account.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Act")]
pub struct ActView {
    /// Its position in the audit log.
    pub n: u64,
    /// When.
    pub at: Text<Timestamp>,
    /// What, as a stable code.
    pub code: String,
    /// `own`: its holder, or somebody who tries to be, comes in or changes how to. `touched`: somebody else did something
    /// to it. `done`: its holder did something else.
    pub part: String,
    /// `holder`, `person`, `visitor`, `operator` or `alcove`.
    pub by: String,
    /// The name of whoever did it, if `by` is `person` and they are still known.
    pub name: Option<String>,
    /// The network it came from, shortened to a prefix.
    pub network: Option<String>,
    /// The holder's device, as they call it.
    pub device: Option<String>,
    /// Codes and numbers to word it with.
    pub facts: Vec<FactView>,
}

/// A named code or number.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Fact")]
pub struct FactView {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl From<ActivityPage> for ActivityView {
    fn from(page: ActivityPage) -> Self {
        Self { acts: page.acts.into_iter().map(Into::into).collect(), next: page.next }
    }
}

impl From<Act> for ActView {
    fn from(act: Act) -> Self {
        let (by, name) = match act.by {
            By::Holder => ("holder", None),
            By::Person(name) => ("person", Some(name).filter(|name| !name.is_empty())),
            By::Visitor => ("visitor", None),
            By::Operator => ("operator", None),
            By::System => ("alcove", None),
        };
        let part = match act.part {
            Part::Own => "own",
            Part::Touched => "touched",
            Part::Done => "done",
        };
        Self {
            n: act.n,
            at: Text(act.at),
            code: act.code,
            part: part.to_owned(),
            by: by.to_owned(),
            name,
            network: act.network,
            device: act.device,
            facts: act.facts.into_iter().map(|(name, value)| FactView { name, value }).collect(),
        }
    }
}
