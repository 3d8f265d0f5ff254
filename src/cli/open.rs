//! Opens the practice's data for a command, or finds that a running server has it.

use std::{path::Path, sync::Arc};

use super::error::CommandError;
use crate::{
    app::App,
    clock::Clock,
    config::Places,
    store::{Store, StoreError},
    tls::make_private_dir,
};

/// The file with everything, inside the data directory.
const FILE: &str = "alcove.redb";

/// Opens the data, making it first when there is none.
pub fn open_or_make(places: &Places, clock: Clock) -> Result<App, CommandError> {
    make_private_dir(&places.data_dir)
        .map_err(|source| CommandError::File { path: places.data_dir.clone(), source })?;
    let store = Store::open(&places.data_dir.join(FILE), clock.clone());
    Ok(App::new(Arc::new(store.map_err(|error| of_store(error, &places.data_dir))?), clock))
}

/// Opens data that is there.
pub fn open(places: &Places, clock: Clock) -> Result<App, CommandError> {
    if places.data_dir.join(FILE).exists() {
        return open_or_make(places, clock);
    }
    Err(CommandError::NoPractice(places.data_dir.clone()))
}

fn of_store(error: StoreError, data_dir: &Path) -> CommandError {
    if is_locked(&error) { CommandError::AlreadyRunning(data_dir.into()) } else { error.into() }
}

fn is_locked(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(inner) if inner.to_string().contains("already open"))
}
