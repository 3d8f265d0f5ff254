//! One line on the terminal that says how far long work is, while it works.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;

use super::output::Output;

/// How often it is shown.
pub const SHOW_EVERY: Duration = Duration::from_millis(500);

/// Whether somebody looks.
pub fn is_shown(output: Output) -> bool {
    std::io::stderr().is_terminal() && !output.is_quiet() && !output.is_json()
}

/// Shows how far it is while something works.
pub fn with_progress<T: Send>(
    shows: bool,
    progress: impl Fn() -> Value,
    words: impl Fn(&Value) -> String,
    work: impl FnOnce() -> T + Send,
) -> T {
    if !shows {
        return work();
    }
    thread::scope(|scope| {
        let (done, waiting) = mpsc::channel();
        scope.spawn(move || done.send(work()));
        loop {
            match waiting.recv_timeout(SHOW_EVERY) {
                Ok(result) => {
                    show("");
                    return result;
                }
                Err(_) => show(&words(&progress())),
            }
        }
    })
}

/// One line that replaces itself.
pub fn show(words: &str) {
    // A terminal that goes away is no reason to end the work.
    let _ = write!(std::io::stderr(), "\r\x1b[2K{words}");
    let _ = std::io::stderr().flush();
}

/// A bar of twenty places, and the percentage.
pub fn bar(bytes: u64, of: u64) -> String {
    let percent = bytes.min(of).saturating_mul(100).checked_div(of).unwrap_or_default();
    let full = usize::try_from(percent / 5).unwrap_or_default();
    format!("[{}{}] {percent} %", "#".repeat(full), ".".repeat(20 - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills() {
        assert_eq!(bar(0, 0), "[....................] 0 %");
        assert_eq!(bar(50, 100), "[##########..........] 50 %");
        assert_eq!(bar(120, 100), "[####################] 100 %");
    }
}
