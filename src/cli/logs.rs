//! Structured logs on stderr.

use std::panic;

use tracing_subscriber::{filter::LevelFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::LogFormat;

/// Starts logging for this process, panics included. A second call changes nothing.
pub fn start(format: LogFormat) {
    let registry = tracing_subscriber::registry().with(LevelFilter::INFO);
    // Somebody may have started logging before, a test for one; theirs stays.
    drop(match format {
        LogFormat::Text => registry.with(fmt::layer().with_writer(std::io::stderr).with_ansi(false)).try_init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init(),
    });
    panic::set_hook(Box::new(log_panic));
}

/// Names the place only: a message may hold what somebody wrote.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    tracing::error!(place, message, "a defect stopped one task; please report this line");
}
