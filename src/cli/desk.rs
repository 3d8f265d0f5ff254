//! Where a command's request is done: by the running server over its socket, else here, on data that this command opens
//! itself. Either way the same function does it, as the operator.

use serde_json::{Value, json};

use super::{
    admin,
    control::{self, Asked},
    error::CommandError,
    key, kit, open, seal, status,
};
use crate::{app::App, clock::Clock, config::Places, store::Unlock};

/// Answers a command's requests.
pub struct Desk<'a> {
    places: &'a Places,
    spare: Option<Unlock>,
    app: Option<App>,
}

impl<'a> Desk<'a> {
    /// A desk for these places. Nothing is opened before the first request.
    pub fn of(places: &'a Places) -> Self {
        Self { places, spare: None, app: None }
    }

    /// A desk that opens the data with this when nothing else is at hand.
    pub fn with_spare(places: &'a Places, spare: Unlock) -> Self {
        Self { spare: Some(spare), ..Self::of(places) }
    }

    /// Has one request done.
    pub fn ask(&mut self, request: &Value) -> Result<Value, CommandError> {
        if self.app.is_none() {
            match control::ask(&self.places.data_dir, request)? {
                Asked::Answered(answer) => return Ok(answer),
                Asked::NobodyThere => {
                    self.app = Some(open::open_with(self.places, self.spare.as_ref(), Clock::default())?);
                }
            }
        }
        match &self.app {
            Some(app) => perform(app, self.places, request).unwrap_or_else(|| Err(not_known())),
            None => Err(not_known()),
        }
    }
}

/// Does what a command asks of an open practice; nothing if the request is of another kind.
pub fn perform(app: &App, places: &Places, request: &Value) -> Option<Result<Value, CommandError>> {
    match request["do"].as_str()? {
        "seal-status" => Some(seal::status_of_open(app, places)),
        "seal-migrate" => Some(seal::migrate_open(app, places, request)),
        "kit-facts" => Some(kit::facts_of_open(app)),
        "kit-put" => Some(kit::put_open(app, request)),
        "kit-verified" => Some(kit::verified_open(app, request)),
        "status" => Some(status::of_open(app)),
        _ => admin::perform(app, request).or_else(|| key::perform(app, places, request)),
    }
}

/// The other side is of another version.
pub fn not_known() -> CommandError {
    CommandError::Refused("the running server does not know this command: it is of another version, restart it".into())
}

/// A request without facts.
pub fn plain(what: &str) -> Value {
    json!({ "do": what })
}
