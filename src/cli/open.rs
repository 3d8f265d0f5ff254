//! Opens the practice's data for a command, or finds that a running server has it or that it is sealed.

use std::{io::ErrorKind, sync::Arc};

use super::{error::CommandError, output::Output, secret};
use crate::{
    app::{App, seal::SealTurn},
    backup,
    clock::Clock,
    config::Places,
    policy::{Actor, ActorKind},
    store::{BlockError, Held, Keyfile, Opened, SealInfo, SlotKind, Store, StoreError, Unlock, engine::FILE_NAME},
};

/// What `serve` found.
pub enum Found {
    /// The data, open.
    Open(App),
    /// Data that only a person can open, held for this process.
    Sealed(Held),
}

/// Opens the data for a server, making it and its key first when there is none. It stays sealed when there is no
/// keyfile and a passphrase or a kit can open it later.
pub fn for_server(places: &Places, clock: Clock) -> Result<Found, CommandError> {
    if !is_there(places) {
        let keyfile = read_or_make_key(places)?;
        let opened = Store::open_or_create(&places.data_dir, &keyfile, clock.clone());
        return finish(opened, places, clock).map(Found::Open);
    }
    let held = hold(places)?;
    let seal = held.seal_info()?;
    match at_hand(places, &seal)? {
        Some(unlock) => unseal(&held, &unlock, places, clock).map(Found::Open),
        None if seal.has(SlotKind::Passphrase) || seal.has(SlotKind::RestoreKit) => Ok(Found::Sealed(held)),
        None => Err(CommandError::NoKey(places.key_file.clone())),
    }
}

/// Opens data that is there, for a command; somebody at a terminal is asked when there is no other way.
pub fn open(places: &Places, clock: Clock) -> Result<App, CommandError> {
    open_with(places, None, clock)
}

/// The same, with another way to unlock when nothing else is at hand.
pub fn open_with(places: &Places, spare: Option<&Unlock>, clock: Clock) -> Result<App, CommandError> {
    if !is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    let held = hold(places)?;
    let unlock = found_or_asked(places, &held.seal_info()?, spare)?;
    unseal(&held, &unlock, places, clock)
}

/// What opens the practice that is there, for whoever does it in a way of their own.
pub fn unlock_of_practice(places: &Places) -> Result<Unlock, CommandError> {
    if !is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    found_or_asked(places, &Store::look(&places.data_dir)?, None)
}

fn found_or_asked(places: &Places, seal: &SealInfo, spare: Option<&Unlock>) -> Result<Unlock, CommandError> {
    if let Some(unlock) = at_hand(places, seal)?.or_else(|| spare.cloned()) {
        return Ok(unlock);
    }
    if !seal.has(SlotKind::Passphrase) && !seal.has(SlotKind::RestoreKit) {
        return Err(CommandError::NoKey(places.key_file.clone()));
    }
    if secret::can_ask() {
        return secret::parse(&secret::unlock(None, Output::new(false, false))?);
    }
    Err(CommandError::Sealed(format!(
        "the key file {} does not open it or is not there; give the passphrase with --passphrase-file FILE (- reads \
         standard input)",
        places.key_file.display()
    )))
}

/// Opens data that this process holds.
pub fn unseal(held: &Held, unlock: &Unlock, places: &Places, clock: Clock) -> Result<App, CommandError> {
    let app = finish(held.open(unlock, clock.clone()), places, clock)?;
    if unlock.kind() != SlotKind::Keyfile {
        app.note_seal_turn(&Actor::local(ActorKind::Operator), SealTurn::Opened(unlock.kind()))?;
    }
    Ok(app)
}

/// Takes the file for this process.
pub fn hold(places: &Places) -> Result<Held, CommandError> {
    Held::take(&places.data_dir).map_err(|error| in_words(error, places))
}

/// What opens the data without asking anybody: the passphrase's file if one was named, else the keyfile.
pub fn at_hand(places: &Places, seal: &SealInfo) -> Result<Option<Unlock>, CommandError> {
    if places.passphrase_file.is_some() {
        let typed = secret::unlock(places.passphrase_file.as_deref(), Output::new(false, false))?;
        return secret::parse(&typed).map(Some);
    }
    if !seal.has(SlotKind::Keyfile) {
        return Ok(None);
    }
    Ok(read_key(places)?.map(Unlock::Keyfile))
}

/// Whether there is a practice at all.
pub fn is_there(places: &Places) -> bool {
    places.data_dir.join(FILE_NAME).exists()
}

fn finish(opened: Result<(Store, Opened), StoreError>, places: &Places, clock: Clock) -> Result<App, CommandError> {
    let (store, how) = opened.map_err(|error| in_words(error, places))?;
    // The data is ours alone from here on, so a test restore that lies there is one that a crash left behind.
    backup::clear_scratch(&places.data_dir)?;
    let app = App::new(Arc::new(store), clock);
    if how == Opened::Recovered {
        app.note_recovered()?;
    }
    Ok(app)
}

/// The store's trouble, with the directory that another process works on.
pub fn in_words(error: StoreError, places: &Places) -> CommandError {
    match error {
        StoreError::File(BlockError::InUse) => CommandError::AlreadyRunning(places.data_dir.clone()),
        other => other.into(),
    }
}

/// Two processes that start at once may both find no key: the second then takes the first one's.
pub fn read_or_make_key(places: &Places) -> Result<Keyfile, CommandError> {
    if let Some(keyfile) = read_key(places)? {
        return Ok(keyfile);
    }
    let made = Keyfile::generate().map_err(StoreError::from)?;
    match made.write_new(&places.key_file, &places.data_dir) {
        Err(BlockError::Io(error)) if error.kind() == ErrorKind::AlreadyExists => open_key(places),
        Err(error) => Err(of_key(error, places)),
        Ok(()) => Ok(made),
    }
}

/// The key, if there is one already.
pub fn read_key(places: &Places) -> Result<Option<Keyfile>, CommandError> {
    if places.key_file.exists() { open_key(places).map(Some) } else { Ok(None) }
}

fn open_key(places: &Places) -> Result<Keyfile, CommandError> {
    Keyfile::read(&places.key_file, &places.data_dir).map_err(|error| of_key(error, places))
}

fn of_key(error: BlockError, places: &Places) -> CommandError {
    match error {
        BlockError::Io(source) => CommandError::File { path: places.key_file.clone(), source },
        BlockError::NotWritable => {
            CommandError::File { path: places.key_file.clone(), source: ErrorKind::PermissionDenied.into() }
        }
        other => StoreError::from(other).into(),
    }
}
