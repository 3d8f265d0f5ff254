//! `alcove restore`: brings a practice back from one backup and one kit, into a data directory that is not there yet.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use super::{error::CommandError, open, output::Output};
use crate::{
    app::App,
    backup::{self, BackupError, Target, fingerprint_in},
    clock::Clock,
    config::Places,
    crypto::{HybridIdentity, Kit},
    policy::{Actor, ActorKind},
    store::{Keyfile, SlotSecret, Store, StoreError},
};

/// A kit is a page of text.
const KIT_BYTES_MAX: u64 = 64 * 1024;

/// The options of `restore`.
#[derive(Args)]
pub struct Options {
    /// The backup file.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The restore kit as a file, `-` for standard input; without it you are asked to type it.
    #[arg(long, value_name = "FILE")]
    kit: Option<PathBuf>,
}

/// Restores into the data directory, which must not hold anything yet.
pub fn run(places: &Places, options: &Options, output: Output) -> Result<(), CommandError> {
    let kit_text = read_kit(options.kit.as_deref(), output)?;
    let kit = Kit::parse(&kit_text).map_err(BackupError::from)?;
    let fingerprint = fingerprint_in(&kit_text).ok_or(BackupError::NoFingerprint)?;
    let known_key = open::read_key(places)?;
    let keyfile = known_key.clone().map_or_else(Keyfile::generate, Ok).map_err(StoreError::from)?;
    let clock = Clock::default();
    let target = Target {
        data_dir: &places.data_dir,
        make_store: &|dir| make_store(dir, &keyfile, kit.identity(), &clock),
        finish: &|store| {
            begin(store, &clock)?;
            // A key of its own comes to disk only with data that it opens: a refused restore leaves nothing.
            let keep = || keyfile.write_new(&places.key_file, &places.data_dir).map_err(StoreError::from);
            if known_key.is_none() { Ok(keep()?) } else { Ok(()) }
        },
    };
    let restored = backup::restore(&options.from, kit.identity(), &fingerprint, &target)?;
    let manifest = &restored.manifest;
    let words = format!(
        "Restored: {} rows and {} files, as they were at {}.\nStart it with: alcove serve --data-dir {}\nThen sign in \
         as the owner and sign for the restored practice; until then everyone can read and nobody can write.",
        restored.rows,
        manifest.files.len(),
        manifest.made_at,
        places.data_dir.display(),
    );
    let value = json!({
        "rows": restored.rows, "files": manifest.files.len(), "made_at": manifest.made_at,
        "timeline": manifest.timeline, "state_hash": manifest.state_hash(), "data_dir": places.data_dir,
    });
    output.answer(&words, &value);
    Ok(())
}

/// A new file under a new data key, for this machine's keyfile and the same kit.
fn make_store(dir: &Path, keyfile: &Keyfile, kit: &HybridIdentity, clock: &Clock) -> Result<Store, StoreError> {
    let mut secrets = vec![SlotSecret::Keyfile(keyfile.clone())];
    if let Ok(recipient) = kit.to_recipient() {
        secrets.push(SlotSecret::RestoreKit(Box::new(recipient)));
    }
    Store::create(dir, &secrets, clock.clone())
}

fn begin(store: Store, clock: &Clock) -> Result<(), BackupError> {
    let app = App::new(std::sync::Arc::new(store), clock.clone());
    app.begin_restore(&Actor::local(ActorKind::Operator))
        .map_err(|error| BackupError::Damaged { what: format!("the restored practice is not whole ({error})") })
}

pub(super) fn read_kit(from: Option<&Path>, output: Output) -> Result<Zeroizing<String>, CommandError> {
    let of_file = |path: &Path| {
        let path = path.to_owned();
        move |source| CommandError::File { path, source }
    };
    match from {
        Some(path) if path == Path::new("-") => read_text(io::stdin().lock()).map_err(of_file(path)),
        Some(path) => fs::File::open(path).and_then(read_text).map_err(of_file(path)),
        None => ask(output).map_err(of_file(Path::new("the terminal"))),
    }
}

fn read_text(from: impl io::Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    from.take(KIT_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Asks line by line until the kit and its fingerprint are there, so that a wrong line is noticed at once.
fn ask(output: Output) -> io::Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        return read_text(io::stdin().lock());
    }
    output.hint(
        "Type the restore kit as it is on the paper: the line \"# backup key: …\", then the 24 words or the line that \
         begins with AGE-SECRET-KEY-PQ-1. Capital letters and line breaks do not matter. An empty line ends it.",
    );
    let mut text = Zeroizing::new(String::new());
    for line in io::stdin().lock().lines() {
        let line = Zeroizing::new(line?);
        if line.trim().is_empty() {
            break;
        }
        text.push_str(&line);
        text.push('\n');
        match Kit::parse(&text) {
            Ok(_) if fingerprint_in(&text).is_some() => break,
            Ok(_) => output.hint("That is a kit. Now the line \"# backup key: …\" from the same paper."),
            Err(_) => {}
        }
    }
    Ok(text)
}
