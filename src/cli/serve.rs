//! `alcove serve`: opens the practice and runs it until it is told to stop; sealed as long as only a person can open it.

mod active;
mod sealed;
mod stop;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

use super::{
    control::Listening,
    error::CommandError,
    logs,
    open::{self, Found},
    output::Output,
};
use crate::{
    clock::Clock,
    config::{ByteSize, CertificateFiles, Limits, LogFormat, Places, ServeSettings, default_listen},
    domain::{
        file::{CONTENT_BYTES_MAX, StorageLimits},
        origin::Origin,
    },
    http::server::Socket,
    tls::remembered_origin,
};
use active::Ended;
use stop::Stop;

pub(super) const DEFAULT_ORIGIN: &str = "https://localhost:8443";

/// The options of `serve`.
#[derive(Args, Clone, Default)]
pub struct Options {
    /// The address to listen on [default: all interfaces, at the port of the origin].
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// The one web address of the practice [default: <https://localhost:8443>, for a first look].
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// Your own certificate chain, PEM, leaf first [default: a local authority is made].
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// The private key of --cert, PEM.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The largest file that can be shared, such as 500MB [default: 1GB].
    #[arg(long, value_name = "SIZE")]
    file_max: Option<ByteSize>,
    /// How much all shared files together may take, such as 50GB [default: what the disk holds].
    #[arg(long, value_name = "SIZE")]
    quota: Option<ByteSize>,
}

/// What lasts from sealed to open and back.
struct Service {
    places: Places,
    options: Options,
    clock: Clock,
    output: Output,
    stop: Stop,
    control: Option<Listening>,
    socket: Option<Socket>,
}

/// Runs the practice until SIGTERM or SIGINT.
pub fn run(places: Places, options: Options, log: LogFormat, output: Output) -> Result<(), CommandError> {
    logs::start(log);
    let clock = Clock::default();
    let found = open::for_server(&places, clock.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        // Caught from here on: a stop during the start is a stop, too.
        let stop = Stop::listen()?;
        let service = Service { places, options, clock, output, stop, control: None, socket: None };
        service.live(found).await
    });
    if matches!(ended, Err(CommandError::StillOpen)) {
        // Nobody waits for what works with the keys: it ends with the process.
        runtime.shutdown_background();
    }
    ended
}

impl Service {
    /// One state after the other, until it is told to stop.
    async fn live(mut self, mut found: Found) -> Result<(), CommandError> {
        loop {
            found = match found {
                Found::Open(app) => match active::serve(&mut self, app).await? {
                    Ended::Stopped => return Ok(()),
                    Ended::Locked => Found::Sealed(open::hold(&self.places)?),
                },
                Found::Sealed(held) => match sealed::serve(&mut self, held).await? {
                    Some(app) => Found::Open(app),
                    None => return Ok(()),
                },
            };
        }
    }

    /// `fixed` is the origin that set-up gave the practice: nobody could sign in at another one.
    fn settings(&self, fixed: Option<Origin>) -> Result<ServeSettings, CommandError> {
        let asked: Option<Origin> = self.options.origin.as_deref().map(str::parse).transpose()?;
        let origin = match (asked, fixed) {
            (Some(asked), Some(fixed)) if asked != fixed => return Err(CommandError::OtherOrigin { asked, fixed }),
            (Some(origin), _) | (None, Some(origin)) => origin,
            (None, None) => DEFAULT_ORIGIN.parse()?,
        };
        let listen = self.options.listen.unwrap_or_else(|| default_listen(&origin));
        let certificate = CertificateFiles::pair(self.options.cert.clone(), self.options.key.clone())?;
        let storage = StorageLimits {
            content_bytes_max: self.options.file_max.map_or(CONTENT_BYTES_MAX, |size| size.0),
            practice_bytes_max: self.options.quota.map(|size| size.0),
        };
        let places = self.places.clone();
        Ok(ServeSettings { places, listen, origin, certificate, limits: Limits::default(), storage })
    }

    /// While the data is closed: the origin that it was last served at.
    fn sealed_settings(&self) -> Result<ServeSettings, CommandError> {
        let asked = self.options.origin.is_some();
        self.settings(if asked { None } else { remembered_origin(&self.places.tls_dir()) })
    }

    /// The control socket, bound once; the data's lock is ours.
    fn control(&mut self) -> Result<Listening, CommandError> {
        match self.control.take() {
            Some(control) => Ok(control),
            None => Listening::bind(&self.places.data_dir)
                .map_err(|source| CommandError::Control { path: self.places.data_dir.join("control.sock"), source }),
        }
    }
}
