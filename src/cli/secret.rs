//! Secrets that a person gives: typed without echo, from standard input or from a file; never an argument, never the
//! environment.

use std::{
    fs::File,
    io::{self, BufRead as _, IsTerminal as _, Read as _},
    path::Path,
};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::{error::CommandError, output::Output};
use crate::{
    crypto::{Kit, Passphrase},
    store::Unlock,
};

/// A passphrase is one line.
const BYTES_MAX: u64 = 8 * 1024;
/// Nobody's passphrase has so many words; whoever types them means a kit.
const WORDS_OF_A_KIT: usize = 20;

/// A new passphrase, on the terminal typed twice.
pub fn new_passphrase(from: Option<&Path>, output: Output) -> Result<Passphrase, CommandError> {
    let first = line(from, output, "New passphrase, at least 12 characters; six unrelated words are a good one:")?;
    let passphrase = Passphrase::new(&first)?;
    if from.is_none() && io::stdin().is_terminal() {
        let second = line(None, output, "The same once more:")?;
        if *first != *second {
            return Err(CommandError::Refused("the two passphrases differ; nothing was changed".into()));
        }
    }
    Ok(passphrase)
}

/// A passphrase or a kit to open with.
pub fn unlock(from: Option<&Path>, output: Output) -> Result<Zeroizing<String>, CommandError> {
    line(from, output, "Passphrase, or the words of the restore kit in one line:")
}

/// What somebody typed to open the practice: a kit if it looks like one, else a passphrase.
pub fn parse(typed: &str) -> Result<Unlock, CommandError> {
    let text = typed.trim();
    let is_kit = text.to_ascii_lowercase().starts_with("age-secret-key-") || text.starts_with('#');
    if is_kit || text.split_whitespace().count() >= WORDS_OF_A_KIT {
        return Ok(Unlock::Kit(Kit::parse(text)?.identity().clone()));
    }
    Ok(Unlock::Passphrase(Passphrase::typed(text)))
}

/// Whether somebody sits at a terminal and can be asked.
pub fn can_ask() -> bool {
    io::stdin().is_terminal()
}

fn line(from: Option<&Path>, output: Output, prompt: &str) -> Result<Zeroizing<String>, CommandError> {
    let path = from.unwrap_or(Path::new("-"));
    let read = match from {
        Some(path) if path != Path::new("-") => File::open(path).and_then(|file| first_line(file.take(BYTES_MAX))),
        _ if can_ask() => hidden_line(output, prompt),
        _ => first_line(io::stdin().take(BYTES_MAX)),
    };
    read.map_err(|source| CommandError::File { path: path.to_owned(), source })
}

/// A kit's file has several lines; then all of it counts.
fn first_line(mut from: impl io::Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(BYTES_MAX).unwrap_or_default()));
    from.read_to_string(&mut text)?;
    if text.trim_start().starts_with('#') {
        return Ok(text);
    }
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn hidden_line(output: Output, prompt: &str) -> io::Result<Zeroizing<String>> {
    output.prompt(prompt);
    let _silence = Silence::begin()?;
    let mut line = Zeroizing::new(String::with_capacity(1024));
    io::stdin().lock().read_line(&mut line)?;
    output.prompt("");
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Typing shows nothing until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_kit_is_one() {
        let words = format!("{}art", "abandon ".repeat(23));
        assert!(matches!(parse(&words), Ok(Unlock::Kit(_))));
        assert!(matches!(parse(&words.replace("art", "arc")), Err(CommandError::Kit(_))));
        assert!(matches!(parse("AGE-SECRET-KEY-PQ-1QQQ"), Err(CommandError::Kit(_))));
        assert!(matches!(parse("six words nobody joins at all"), Ok(Unlock::Passphrase(_))));
    }

    #[test]
    fn one_line_of_a_file_counts() {
        assert_eq!(*first_line(&b"six words nobody joins\n\nmore"[..]).unwrap(), "six words nobody joins");
        assert_eq!(*first_line(&b"# kit\nline\n"[..]).unwrap(), "# kit\nline\n");
    }
}
