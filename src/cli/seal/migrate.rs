//! `alcove seal migrate`: from a key file to a passphrase or back, or to another passphrase. The new way opens the data
//! once before the old one goes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    app::App,
    cli::{desk::Desk, error::CommandError, open, output::Output, secret},
    config::Places,
    crypto::{Cost, Passphrase},
    policy::{Actor, ActorKind},
    store::{SlotKind, SlotSecret, Unlock},
};

/// The options of `seal migrate`.
#[derive(Args)]
pub struct Options {
    /// How the data shall be unlocked from now on.
    #[arg(long, value_enum)]
    to: To,
    /// Keep the old way as well: either opens the data.
    #[arg(long)]
    keep: bool,
    /// The new passphrase, in a file; `-` reads standard input [default: it is asked for on the terminal].
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

/// What a practice can be moved to.
#[derive(Clone, Copy, ValueEnum)]
pub enum To {
    /// Something that a person types at every start.
    Passphrase,
    /// A file outside the data directory (or a systemd credential): starts without a person.
    Keyfile,
}

/// Asks for what is needed and has it done.
pub fn run(places: &Places, options: &Options, output: Output) -> Result<(), CommandError> {
    let mut request = json!({ "do": "seal-migrate", "keep": options.keep });
    request["to"] = match options.to {
        To::Passphrase => {
            let new = secret::new_passphrase(options.new_passphrase_file.as_deref(), output)?;
            request["passphrase"] = new.reveal().into();
            "passphrase".into()
        }
        To::Keyfile => "keyfile".into(),
    };
    let report = Desk::of(places).ask(&request)?;
    output.answer(&words(&report), &report);
    Ok(())
}

/// Does it on an open practice.
pub fn migrate_open(app: &App, places: &Places, request: &Value) -> Result<Value, CommandError> {
    let (secret, proof, old) = if request["to"] == "passphrase" {
        let new = Passphrase::new(request["passphrase"].as_str().unwrap_or_default())?;
        (SlotSecret::Passphrase(new.clone(), Cost::default()), Unlock::Passphrase(new), SlotKind::Keyfile)
    } else {
        let keyfile = open::read_or_make_key(places)?;
        (SlotSecret::Keyfile(keyfile.clone()), Unlock::Keyfile(keyfile), SlotKind::Passphrase)
    };
    let operator = Actor::local(ActorKind::Operator);
    app.add_way_to_unlock(&operator, &secret, &proof)?;
    let removes = request["keep"] != true && app.seal_info(&operator)?.has(old);
    if removes {
        app.remove_way_to_unlock(&operator, old, &proof)?;
    }
    Ok(json!({
        "added": proof.kind().to_string(), "removed": removes.then(|| old.to_string()),
        "key_file": places.key_file,
        "key_file_is_left_over": removes && old == SlotKind::Keyfile && places.key_file.exists(),
    }))
}

fn words(report: &Value) -> String {
    let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    let mut lines =
        vec![format!("The {} opens the practice: that was tried before anything else changed.", text("added"))];
    if report["removed"].is_string() {
        lines.push(format!(
            "The {} opens it no more. Copies of the data made before now still open with it: `alcove key rotate` ends that.",
            text("removed")
        ));
    }
    if text("added") == "keyfile" {
        lines.push(format!("The key file is {}. Keep a copy away from the data.", text("key_file")));
    } else {
        lines.push("From its next start the server waits for the passphrase, on its unseal page or by `alcove seal unseal`. The restore kit opens it, too.".to_owned());
    }
    if report["key_file_is_left_over"] == true {
        lines.push(format!("{} opens nothing any more: delete it.", text("key_file")));
    }
    lines.join("\n")
}
