//! `alcove admin`: people of the practice, from the server's own machine, when nobody inside can help.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{desk::Desk, error::CommandError, output::Output};
use crate::{
    app::App,
    config::Places,
    domain::person::{Person, PersonState},
    policy::{Actor, ActorKind},
};

/// What to do about people.
#[derive(Subcommand)]
pub enum Verb {
    /// Show who is in the practice.
    List,
    /// Let somebody sign in again: ends their suspension, their second factors and all waiting after failed attempts. Never
    /// their keys.
    RecoverAccount {
        /// Their id (per_…) or their whole name.
        #[arg(value_name = "PERSON")]
        person: String,
    },
    /// Suspend somebody: their sessions end at once. Never the last active owner.
    Disable {
        /// Their id (per_…) or their whole name.
        #[arg(value_name = "PERSON")]
        person: String,
    },
}

/// Runs a verb, on the running server or on the data itself.
pub fn run(places: &Places, verb: &Verb, output: Output) -> Result<(), CommandError> {
    let mut desk = Desk::of(places);
    let (answer, words) = match verb {
        Verb::List => {
            let answer = desk.ask(&json!({ "do": "admin-list" }))?;
            let words = list_words(&answer);
            (answer, words)
        }
        Verb::RecoverAccount { person } => {
            let answer = desk.ask(&json!({ "do": "admin-recover", "person": person }))?;
            let words = recovered_words(text(&answer["name"]));
            (answer, words)
        }
        Verb::Disable { person } => {
            let answer = desk.ask(&json!({ "do": "admin-disable", "person": person }))?;
            let words = format!(
                "{} is suspended. Their sessions have ended, and every owner is told in Alcove.",
                text(&answer["name"])
            );
            (answer, words)
        }
    };
    output.answer(&words, &answer);
    Ok(())
}

/// Does what the command asks of an open practice; nothing if the request is of another kind.
pub fn perform(app: &App, request: &Value) -> Option<Result<Value, CommandError>> {
    let operator = Actor::local(ActorKind::Operator);
    let named = text(&request["person"]);
    let one = |done: Result<Person, crate::app::Error>| done.map(|person| seen(&person)).map_err(CommandError::from);
    match request["do"].as_str()? {
        "admin-list" => Some(
            app.people_on_machine(&operator)
                .map(|people| json!({ "people": people.iter().map(seen).collect::<Vec<_>>() }))
                .map_err(CommandError::from),
        ),
        "admin-recover" => Some(one(app.recover_account(&operator, named))),
        "admin-disable" => Some(one(app.disable_account(&operator, named))),
        _ => None,
    }
}

fn seen(person: &Person) -> Value {
    let since = match person.state {
        PersonState::Active => None,
        PersonState::Suspended { at, .. } | PersonState::Deleted { at } => Some(at.to_string()),
    };
    json!({
        "person": person.person.to_string(), "name": person.name, "role": person.role.to_string(),
        "state": person.state.word(), "state_since": since, "visited_at": person.visited_at.to_string(),
    })
}

fn list_words(answer: &Value) -> String {
    let people = answer["people"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |person: &Value| {
        let [id, role, state, name] = ["person", "role", "state", "name"].map(|field| text(&person[field]).to_owned());
        format!("{id}  {role:12}  {state:9}  {name}")
    };
    if people.is_empty() {
        "Nobody is here yet.".to_owned()
    } else {
        people.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// There is no mail yet: what is to be told is printed to be copied.
fn recovered_words(name: &str) -> String {
    format!(
        "{name} may sign in again, without a second step, and every owner is told in Alcove. Their keys were not touched:\n\
         they need their own password, passkey or personal kit. You can copy this to them:\n\n\
         \x20 Your account was let in again by whoever runs our server. Sign in with your password, passkey or kit. Your second\n\
         \x20 step was taken away and you are signed out everywhere: add a new one when you are asked. Nothing of yours was\n\
         \x20 opened. If you did not ask for this, tell the practice's owner at once."
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
