//! Why a command failed, and with which exit code.

use std::{io, path::PathBuf, process::ExitCode};

use crate::{
    app,
    backup::BackupError,
    config::ConfigError,
    crypto::{KitError, PassphraseError},
    domain::origin::{Origin, OriginError},
    http::server::ServerError,
    store,
    tls::TlsError,
};

/// A command's failure. Each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `--origin` is none.
    #[error("--origin: {0}")]
    Origin(#[from] OriginError),
    /// `--origin` is not the practice's.
    #[error("this practice lives at {fixed}, and its sign-ins work only there: start without --origin {asked}")]
    OtherOrigin {
        /// What the command line said.
        asked: Origin,
        /// What set-up fixed.
        fixed: Origin,
    },
    /// There is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The data cannot be opened.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The use case said no.
    #[error(transparent)]
    App(#[from] app::Error),
    /// Another process works on the data.
    #[error("another Alcove is running on {}: stop it first, or give another --data-dir", .0.display())]
    AlreadyRunning(PathBuf),
    /// There is nothing to work on yet.
    #[error("there is no practice in {} yet: start one with `alcove serve`, or say where it is with --data-dir", .0.display())]
    NoPractice(PathBuf),
    /// The data is there, its key is not.
    #[error("the data key {} is missing: put it back, or say where it is with --key-file", .0.display())]
    NoKey(PathBuf),
    /// The data can be opened by a person only, and nobody is asked.
    #[error("the practice is sealed: {0}")]
    Sealed(String),
    /// The running server said no, with an exit code of its own.
    #[error("{sentence}")]
    Answered {
        /// What it said.
        sentence: String,
        /// The exit code.
        exit: u8,
    },
    /// What was checked is not as it should be.
    #[error("{0}")]
    Verification(String),
    /// A typed kit is none.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// A new passphrase is too weak.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The practice was locked, and something still holds its keys.
    #[error("the practice was locked, but something still works with its data: the process ends to be rid of the keys")]
    StillOpen,
    /// The disk does not let the file be opened anew.
    #[error("the practice's file failed and could not be opened anew {0} times: check the disk, then start again")]
    Failing(u64),
    /// A backup or a restore did not happen.
    #[error(transparent)]
    Backup(Box<BackupError>),
    /// A check found something wrong.
    #[error("the check found {0} things wrong; they are listed in its answer, with what to do")]
    Findings(u64),
    /// The running server said no.
    #[error("{0}")]
    Refused(String),
    /// The running server cannot be asked.
    #[error("cannot talk to the running server over {}: {source}; run the command as the user that the server runs as", .path.display())]
    Control {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or directory is out of reach.
    #[error("cannot use {}: {source}", .path.display())]
    File {
        /// What.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The process cannot get its threads or signals.
    #[error("cannot start: {0}")]
    Runtime(#[from] io::Error),
}

impl CommandError {
    /// 1 failed, 3 configuration, 4 sealed, 5 verification failed (2, usage, is the argument parser's).
    pub fn exit(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Origin(_) | Self::OtherOrigin { .. } | Self::Tls(_) => 3,
            Self::Sealed(_) | Self::NoKey(_) => 4,
            Self::Store(error) | Self::App(app::Error::Store(error)) if does_not_open(error) => 4,
            Self::Verification(_) | Self::Findings(_) => 5,
            Self::Backup(error) if error.is_verification() => 5,
            Self::Answered { exit, .. } => *exit,
            _ => 1,
        }
    }

    /// The same for the system.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit())
    }
}

fn does_not_open(error: &store::StoreError) -> bool {
    use store::BlockError::{KeyfileNeeded, NoSlot, WrongKeyfile, WrongKit, WrongPassphrase};
    let store::StoreError::File(error) = error else { return false };
    matches!(error, WrongKeyfile | WrongKit | WrongPassphrase | NoSlot(_) | KeyfileNeeded)
}
