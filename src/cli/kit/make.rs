//! `alcove kit create` and `alcove kit rotate`: a new kit on paper first, proved, and only then does it count.

use std::{
    fs,
    io::{self, BufRead as _},
    path::PathBuf,
};

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::paper::{Labels, file_text, places_to_prove, save, sheet};
use crate::{
    cli::{
        desk::{self, Desk},
        error::CommandError,
        output::Output,
    },
    config::Places,
    crypto::{HybridIdentity, Kit},
    store::{BlockError, Store, StoreError, Unlock},
};

/// The options of `kit create` and `kit rotate`.
#[derive(Args)]
pub struct Options {
    /// Write the kit into this new file (only its owner can read it) instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do not ask for words from the paper. You then have no proof that it was printed well.
    #[arg(long)]
    yes: bool,
}

/// Makes the first one.
pub fn create(places: &Places, options: &Options, output: Output) -> Result<(), CommandError> {
    let mut desk = Desk::of(places);
    let facts = desk.ask(&desk::plain("kit-facts"))?;
    if !facts["slot"].is_null() {
        return Err(CommandError::Refused(
            "there is a restore kit already: `alcove kit rotate` puts a new one in its place".into(),
        ));
    }
    let words = "The restore kit opens the practice and every backup from now on. Keep it away from this machine.";
    make(places, &mut desk, &facts, options, output, words)
}

/// Makes one that replaces the one before.
pub fn rotate(places: &Places, options: &Options, output: Output) -> Result<(), CommandError> {
    let mut desk = Desk::of(places);
    let facts = desk.ask(&desk::plain("kit-facts"))?;
    if facts["slot"].is_null() {
        return Err(CommandError::Refused("there is no restore kit yet: make one with `alcove kit create`".into()));
    }
    let words = "The new restore kit opens the practice and every backup from now on. Backups made until now open with \
                 the old kit only: keep it until the last of them is gone, and make a backup now. Copies of the data \
                 made before now still open with the old kit, too: `alcove key rotate` ends that.";
    make(places, &mut desk, &facts, options, output, words)
}

fn make(
    places: &Places,
    desk: &mut Desk<'_>,
    facts: &Value,
    options: &Options,
    output: Output,
    words: &str,
) -> Result<(), CommandError> {
    let identity = HybridIdentity::generate().map_err(|error| StoreError::from(BlockError::from(error)))?;
    let recipient = identity.to_recipient().map_err(|error| StoreError::from(BlockError::from(error)))?;
    let kit = Kit::from_identity(identity.clone());
    let label = |name: &str, other: &str| facts[name].as_str().unwrap_or(other).to_owned();
    let (practice, origin) = (label("practice", "not set up yet"), label("origin", ""));
    let labels = Labels { practice: &practice, origin: &origin, backup_key: &label("backup_key", "") };
    let text = file_text(&kit, &labels);
    show(&kit, &text, options, output)?;
    if !options.yes && !is_proved(&kit, output)? {
        // What was made opens nothing: it must not lie about as if it did.
        if let Some(path) = &options.out {
            drop(fs::remove_file(path));
        }
        return Err(CommandError::Verification(
            "this does not match the kit, so it was thrown away and nothing was changed: start again".into(),
        ));
    }
    let put = desk.ask(&json!({ "do": "kit-put", "recipient": recipient.to_string() }))?;
    Store::try_unlock(&places.data_dir, &Unlock::Kit(identity))?;
    let kit_text = options.out.is_none().then_some(text.as_str());
    let value = json!({
        "recipient": recipient.to_string(), "name": put["name"], "file": options.out, "kit": kit_text, "proved": !options.yes,
    });
    output.answer(words, &value);
    Ok(())
}

fn show(kit: &Kit, text: &str, options: &Options, output: Output) -> Result<(), CommandError> {
    match &options.out {
        Some(path) => {
            save(path, text).map_err(|source| CommandError::File { path: path.clone(), source })?;
            output.hint(&format!(
                "The kit is in {}: print it or keep it on another medium, away from the data.",
                path.display()
            ));
        }
        // For programs it is in the answer.
        None if output.is_json() => (),
        None => output.paper(&sheet(kit, text)),
    }
    Ok(())
}

/// Asks for three words.
fn is_proved(kit: &Kit, output: Output) -> Result<bool, CommandError> {
    let words = kit.plain_words();
    let places = places_to_prove(words.len());
    let named: Vec<String> = places.iter().map(ToString::to_string).collect();
    output.prompt(&format!("Type the words number {} from the paper or the file:", named.join(", ")));
    let mut typed = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|source| CommandError::File { path: "the terminal".into(), source })?;
    let typed = Zeroizing::new(typed.to_lowercase());
    let expected: Vec<&str> = places.iter().map(|place| words[place - 1].as_str()).collect();
    Ok(typed.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).eq(expected))
}
