//! `alcove claim`: a new code, from the running server or straight from the data.

use serde_json::json;

use super::{
    control::{self, Asked},
    error::CommandError,
    open,
    output::Output,
    serve::DEFAULT_ORIGIN,
};
use crate::{
    clock::Clock,
    config::Places,
    domain::claim::ClaimCode,
    policy::{Actor, ActorKind},
};

/// Makes and prints a code.
pub fn run(places: &Places, output: Output) -> Result<(), CommandError> {
    let (code, origin, is_running) = match control::ask(&places.data_dir, &json!({ "do": "claim" }))? {
        Asked::Answered(answer) => (text(&answer["code"]), text(&answer["origin"]), true),
        Asked::NobodyThere => {
            let app = open::open(places, Clock::default())?;
            let code = app.make_claim_code(&Actor::local(ActorKind::Operator))?;
            (code.to_string(), DEFAULT_ORIGIN.to_owned(), false)
        }
    };
    let url = address(&code, &origin);
    let words = match (output.is_quiet(), is_running) {
        (true, _) => code.clone(),
        (_, true) => format!("Claim code: {code} (good once, for 15 minutes)\nOr open: {url}"),
        (_, false) => format!(
            "Claim code: {code} (good once, for 15 minutes)\nStart the server with `alcove serve`, then enter it there, \
             or open: {url}"
        ),
    };
    output.answer(&words, &json!({ "code": code, "url": url }));
    Ok(())
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The code goes into the fragment, which browsers send to nobody.
fn address(code: &str, origin: &str) -> String {
    let plain = code.parse::<ClaimCode>().map(|code| code.plain()).unwrap_or_default();
    format!("{origin}/claim#{plain}")
}
