//! Why a command failed, and with which exit code.

use std::{io, path::PathBuf, process::ExitCode};

use crate::{
    app,
    backup::BackupError,
    config::ConfigError,
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
    /// 1 failed, 3 configuration, 5 verification failed (2, usage, is the argument parser's).
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) | Self::Origin(_) | Self::OtherOrigin { .. } | Self::Tls(_) => ExitCode::from(3),
            Self::Findings(_) => ExitCode::from(5),
            Self::Backup(error) if error.is_verification() => ExitCode::from(5),
            _ => ExitCode::FAILURE,
        }
    }
}
