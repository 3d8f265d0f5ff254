//! Opens the practice's data for a command, or finds that a running server has it.

use std::{io::ErrorKind, sync::Arc};

use super::error::CommandError;
use crate::{
    app::App,
    backup,
    clock::Clock,
    config::Places,
    store::{BlockError, Keyfile, Opened, Store, StoreError, Unlock, engine::FILE_NAME},
};

/// Opens the data, making it and its key first when there is none.
pub fn open_or_make(places: &Places, clock: Clock) -> Result<App, CommandError> {
    if is_there(places) {
        return open(places, clock);
    }
    let keyfile = read_or_make_key(places)?;
    let opened = Store::open_or_create(&places.data_dir, &keyfile, clock.clone());
    finish(opened, places, clock)
}

/// Opens data that is there.
pub fn open(places: &Places, clock: Clock) -> Result<App, CommandError> {
    let keyfile = key_of_practice(places)?;
    let opened = Store::open(&places.data_dir, &Unlock::Keyfile(keyfile), clock.clone());
    finish(opened, places, clock)
}

/// The key of a practice that is there.
pub fn key_of_practice(places: &Places) -> Result<Keyfile, CommandError> {
    if !is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    read_key(places)?.ok_or_else(|| CommandError::NoKey(places.key_file.clone()))
}

fn is_there(places: &Places) -> bool {
    places.data_dir.join(FILE_NAME).exists()
}

fn finish(opened: Result<(Store, Opened), StoreError>, places: &Places, clock: Clock) -> Result<App, CommandError> {
    let (store, how) = opened.map_err(|error| in_words(error, places))?;
    if how == Opened::Recovered {
        tracing::warn!("the data went back to its last whole state; after a power failure this is expected");
    }
    // The data is ours alone from here on, so a test restore that lies there is one that a crash left behind.
    backup::clear_scratch(&places.data_dir)?;
    Ok(App::new(Arc::new(store), clock))
}

/// The store's trouble, with the directory that another process works on.
pub fn in_words(error: StoreError, places: &Places) -> CommandError {
    match error {
        StoreError::File(BlockError::InUse) => CommandError::AlreadyRunning(places.data_dir.clone()),
        other => other.into(),
    }
}

/// Two processes that start at once may both find no key: the second then takes the first one's.
fn read_or_make_key(places: &Places) -> Result<Keyfile, CommandError> {
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
        other => StoreError::from(other).into(),
    }
}
