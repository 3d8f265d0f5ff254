//! The one application error. HTTP turns it into a problem, the command line into a sentence and an exit code.

use crate::policy::Denied;
use crate::store::StoreError;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The asker lacks the right.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or the asker may not know that there is.
    #[error("there is no such thing here")]
    NotFound,
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed; logged where it is handled, never shown.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A rule's no: a stable code (API.md lists them), a sentence, and what the asker needs to go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// Stable code, such as `roster-moved`.
    pub code: &'static str,
    /// What happened, in one sentence without content or secrets.
    pub detail: String,
    /// Named values that the device needs to go on, such as the current head.
    pub facts: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without facts yet.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), facts: Vec::new() }
    }

    /// The refusal with one more fact for the device.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}
