//! Use cases block on the disk; they run on threads that may.

use super::Problem;
use crate::app::{App, Error};

/// Runs one use case and words its error.
///
/// # Errors
/// The use case's error as a problem; `internal` when it panicked.
pub async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let app = app.clone();
    match tokio::task::spawn_blocking(move || work(&app)).await {
        Ok(outcome) => Ok(outcome?),
        // The panic was logged where it happened.
        Err(_) => Err(Problem::internal()),
    }
}
