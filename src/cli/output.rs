//! What a command says: answers to stdout, failures to stderr, in words or in JSON.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the one module that talks to the terminal")]

use serde_json::{Value, json};

use super::error::CommandError;

/// How this command was asked to talk.
#[derive(Clone, Copy)]
pub struct Output {
    is_json: bool,
    is_quiet: bool,
}

impl Output {
    pub fn new(is_json: bool, is_quiet: bool) -> Self {
        Self { is_json, is_quiet }
    }

    /// The answer: `words` for people, `value` for programs.
    pub fn answer(self, words: &str, value: &Value) {
        if self.is_json {
            println!("{value}");
        } else {
            println!("{}", words.trim_end());
        }
    }

    /// True when only the answer itself is wanted.
    pub fn is_quiet(self) -> bool {
        self.is_quiet
    }

    /// True when the answer is for programs.
    pub fn is_json(self) -> bool {
        self.is_json
    }

    /// How far long work is, for programs; not part of the answer.
    pub fn progress(self, value: &Value) {
        if self.is_json && !self.is_quiet {
            eprintln!("{}", json!({ "progress": value }));
        }
    }

    /// What to do now, for somebody at a terminal; not part of the answer.
    pub fn hint(self, words: &str) {
        if !self.is_quiet {
            eprintln!("{words}");
        }
    }

    /// A sheet to print, before the answer.
    #[allow(clippy::unused_self, reason = "whoever talks to the terminal holds this")]
    pub fn paper(self, sheet: &str) {
        println!("{sheet}");
    }

    /// A question at the terminal, even when quiet.
    #[allow(clippy::unused_self, reason = "whoever talks to the terminal holds this")]
    pub fn prompt(self, words: &str) {
        eprintln!("{words}");
    }

    pub fn failure(self, error: &CommandError) {
        if self.is_json {
            eprintln!("{}", json!({ "error": error.to_string() }));
        } else {
            eprintln!("alcove: {error}");
        }
    }
}
