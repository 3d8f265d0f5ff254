//! `alcove claim`: a new code, from the running server or straight from the data.

use serde_json::json;

use super::{
    control::{self, Asked},
    error::CommandError,
    open,
    output::Output,
};
use crate::{
    clock::Clock,
    config::Places,
    domain::claim::ClaimCode,
    policy::{Actor, ActorKind},
};

/// Makes and prints a code.
pub fn run(places: &Places, output: Output) -> Result<(), CommandError> {
    let (code, origin) = match control::ask(&places.data_dir, "claim")? {
        Asked::Answered(answer) => (text(&answer["code"]), answer["origin"].as_str().map(str::to_owned)),
        Asked::NobodyThere => {
            let app = open::open(places, Clock::default())?;
            (app.make_claim_code(&Actor::local(ActorKind::Operator))?.to_string(), None)
        }
    };
    let address = address(&code, origin.as_deref());
    let words = match &address {
        Some(address) => format!("Claim code: {code} (good once, for 15 minutes)\nOr open: {address}"),
        None => format!(
            "Claim code: {code} (good once, for 15 minutes)\nStart the server with `alcove serve` and enter it there."
        ),
    };
    let words = if output.is_quiet() { code.clone() } else { words };
    output.answer(&words, &json!({ "code": code, "address": address }));
    Ok(())
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn address(code: &str, origin: Option<&str>) -> Option<String> {
    let plain = code.parse::<ClaimCode>().ok()?.plain();
    origin.map(|origin| format!("{origin}/claim#{plain}"))
}
