//! The command line: one file per command. Arguments in, a sentence or JSON out, an exit code at the end.
//!
//! Must not: hold rules; commands call the same use cases as the web UI, as the operator.

mod admin;
mod backup;
mod certificate_keys;
mod check;
mod claim;
mod control;
mod desk;
mod error;
mod key;
mod kit;
mod logs;
mod open;
mod output;
mod progress;
mod reach;
mod restore;
mod seal;
mod secret;
mod serve;
mod start_message;
mod status;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use error::CommandError;
use output::Output;

use crate::{
    config::{Environment, LogFormat, Places},
    sys::{memory, resolver},
};

/// The coaching practice platform that a coach owns.
#[derive(Parser)]
#[command(name = "alcove", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// Where the practice's data lives [default: the state directory of this user].
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The key that unlocks the data; never inside the data directory [default: ~/.config/alcove/data.key].
    #[arg(long, global = true, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A file with the passphrase that unlocks the data; `-` reads standard input [default: it is asked for].
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    /// Say only what was asked for.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How to write logs: text or json.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log: LogFormat,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the practice (this is what happens without a command, too).
    Serve(serve::Options),
    /// Make a new claim code, for setting the practice up in a browser.
    Claim,
    /// Look after people from the server's machine, when nobody inside can.
    #[command(subcommand)]
    Admin(admin::Verb),
    /// Back the practice up.
    #[command(subcommand)]
    Backup(backup::Verb),
    /// Look whether everything is whole: the encrypted file, every row, every sealed file. Changes nothing.
    Check,
    /// The key that everything in the practice's file is encrypted with.
    #[command(subcommand)]
    Key(key::Verb),
    /// Show whether the practice runs, is sealed or stopped, and how it is doing.
    Status,
    /// Look after how the data is sealed.
    #[command(subcommand)]
    Seal(seal::Verb),
    /// Look after the restore kit.
    #[command(subcommand)]
    Kit(kit::Verb),
    /// Bring a practice back from a backup and its restore kit.
    Restore(restore::Options),
}

/// Runs the command in the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    memory::take_small_pages();
    memory::leave_no_core();
    resolver::put_in_place();
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json, arguments.quiet);
    match dispatch(arguments, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.failure(&error);
            error.exit_code()
        }
    }
}

fn dispatch(arguments: Arguments, output: Output) -> Result<(), CommandError> {
    let environment = Environment::read();
    let mut places = Places::find(arguments.data_dir, arguments.key_file, &environment)?;
    places.passphrase_file = arguments.passphrase_file;
    match arguments.command.unwrap_or(Command::Serve(serve::Options::default())) {
        Command::Serve(options) => serve::run(places, options, arguments.log, output),
        Command::Claim => claim::run(&places, output),
        Command::Admin(verb) => admin::run(&places, &verb, output),
        Command::Backup(verb) => backup::run(&places, verb, output),
        Command::Check => check::run(&places, output),
        Command::Key(verb) => key::run(&places, verb, output),
        Command::Status => status::run(&places, output),
        Command::Seal(verb) => seal::run(&places, &verb, output),
        Command::Kit(verb) => kit::run(&places, &verb, output),
        Command::Restore(options) => restore::run(&places, &options, output),
    }
}
