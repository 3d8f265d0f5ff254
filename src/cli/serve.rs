//! `alcove serve`: opens the practice and runs it until it is told to stop.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use serde_json::{Value, json};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, interval, interval_at},
};

use super::{
    backup,
    certificate_keys::StoredKeys,
    check,
    control::{Handler, Listening},
    error::CommandError,
    logs, open,
    output::Output,
    reach,
    start_message::StartMessage,
};
use crate::{
    app::{App, scrub::Slowly},
    clock::Clock,
    config::{ByteSize, CertificateFiles, Limits, LogFormat, Places, ServeSettings, default_listen},
    domain::{
        claim::ClaimCode,
        file::{CONTENT_BYTES_MAX, StorageLimits},
        origin::Origin,
        practice::PracticeState,
    },
    http::{self, rates, server::Server},
    jobs::Ran,
    policy::{Actor, ActorKind},
    store::check::Watch,
    tls::Certificates,
};

/// How often certificates are looked at and buckets forgotten.
const TICK: Duration = rates::FORGET_EVERY;
/// How often jobs are looked at.
const JOBS_TICK: Duration = Duration::from_mins(1);
/// How often it is looked whether a background check is due, and how long after the start at first.
const SCRUB_TICK: Duration = Duration::from_mins(10);
pub(super) const DEFAULT_ORIGIN: &str = "https://localhost:8443";

/// The options of `serve`.
#[derive(Args, Default)]
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

/// Runs the practice until SIGTERM or SIGINT.
pub fn run(places: Places, options: Options, log: LogFormat, output: Output) -> Result<(), CommandError> {
    logs::start(log);
    let clock = Clock::default();
    let app = open::open_or_make(&places, clock.clone())?;
    let doorplate = app.doorplate()?;
    let settings = options.settings(places, doorplate.practice.map(|practice| practice.origin))?;
    let app = app.at_site(settings.origin.clone()).with_storage(settings.storage);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(settings, app, clock, output))
}

impl Options {
    /// `fixed` is the origin that set-up gave the practice: nobody could sign in at another one.
    fn settings(self, places: Places, fixed: Option<Origin>) -> Result<ServeSettings, CommandError> {
        let asked: Option<Origin> = self.origin.as_deref().map(str::parse).transpose()?;
        let origin = match (asked, fixed) {
            (Some(asked), Some(fixed)) if asked != fixed => return Err(CommandError::OtherOrigin { asked, fixed }),
            (Some(origin), _) | (None, Some(origin)) => origin,
            (None, None) => DEFAULT_ORIGIN.parse()?,
        };
        let listen = self.listen.unwrap_or_else(|| default_listen(&origin));
        let certificate = CertificateFiles::pair(self.cert, self.key)?;
        let storage = StorageLimits {
            content_bytes_max: self.file_max.map_or(CONTENT_BYTES_MAX, |size| size.0),
            practice_bytes_max: self.quota.map(|size| size.0),
        };
        Ok(ServeSettings { places, listen, origin, certificate, limits: Limits::default(), storage })
    }
}

async fn serve(settings: ServeSettings, app: App, clock: Clock, output: Output) -> Result<(), CommandError> {
    let ServeSettings { places, listen, origin, certificate, limits, storage: _ } = settings;
    // Caught from here on: a stop during the start is a stop, too.
    let stop = stop_signal()?;
    let keys = Arc::new(StoredKeys(app.clone()));
    let certificates = Arc::new(Certificates::open(places.tls_dir(), &origin, certificate, keys, clock.now())?);
    let server = Server::bind(listen, certificates.server_config()?, limits).await?;
    let control = Listening::bind(&places.data_dir)
        .map_err(|source| CommandError::Control { path: places.data_dir.join("control.sock"), source })?;
    let front = http::endpoint(&app, &origin, &limits, certificates.clone());
    let rates = front.rates();
    let code = claim_code(&app)?;
    announce(output, &origin, code.as_ref(), &certificates, server.local_addr());
    let checking = Arc::new(check::Progress::default());
    let slowly = Arc::new(Slowly::default());
    tracing::info!(%origin, listening = %server.local_addr(), control = %control.path().display(), "started");
    tokio::select! {
        () = server.run(front, stop.wait()) => (),
        () = control.run(handler(app.clone(), origin, places.data_dir.clone(), clock.clone(), checking.clone())) => (),
        () = keep_fresh(&certificates, &rates, &clock) => (),
        () = keep_jobs(&app, &clock) => (),
        () = keep_scrubbing(&app, &slowly) => (),
    }
    // The process ends only once work that blocks has ended.
    checking.stop();
    slowly.stop();
    tracing::info!("stopped");
    Ok(())
}

/// A code for whoever sets the practice up, until somebody has.
fn claim_code(app: &App) -> Result<Option<ClaimCode>, CommandError> {
    if app.doorplate()?.state == PracticeState::Active {
        return Ok(None);
    }
    Ok(Some(app.make_claim_code(&Actor::local(ActorKind::Operator))?))
}

fn announce(
    output: Output,
    origin: &Origin,
    claim: Option<&ClaimCode>,
    certificates: &Certificates,
    listening: SocketAddr,
) {
    let reachable = reach::addresses(listening);
    let authority = certificates.authority_fingerprint();
    let message = StartMessage { origin, claim, authority, listening, reachable: &reachable };
    if !output.is_quiet() {
        output.answer(&message.words(), &message.value());
    }
}

/// What commands can ask of a running server.
fn handler(app: App, origin: Origin, data_dir: PathBuf, clock: Clock, checking: Arc<check::Progress>) -> Handler {
    Arc::new(move |request: &Value| match request["do"].as_str() {
        Some("claim") => {
            let code = app.make_claim_code(&Actor::local(ActorKind::Operator)).map_err(|error| error.to_string())?;
            Ok(json!({ "code": code.to_string(), "origin": origin.to_string() }))
        }
        Some("backup") => {
            let to = PathBuf::from(request["to"].as_str().unwrap_or_default());
            backup::make(&app, &data_dir, &to, &clock).map_err(|error| error.to_string())
        }
        Some("check") => check::online(app.store(), &checking).map_err(|error| error.to_string()),
        Some("check-progress") => Ok(checking.value()),
        _ => Err("the running server does not know this command: it is of another version, restart it".into()),
    })
}

async fn keep_fresh(certificates: &Arc<Certificates>, rates: &rates::Rates, clock: &Clock) {
    let mut tick = interval(TICK);
    loop {
        tick.tick().await;
        rates.forget_full();
        let (certificates, now) = (certificates.clone(), clock.now());
        match tokio::task::spawn_blocking(move || certificates.refresh(now)).await {
            Ok(Ok(true)) => tracing::info!("a new certificate is in use"),
            // A panic was logged where it happened.
            Ok(Ok(false)) | Err(_) => (),
            Ok(Err(error)) => tracing::warn!(%error, "the certificate could not be renewed; the old one stays in use"),
        }
    }
}

/// Runs the jobs that come round.
async fn keep_jobs(app: &App, clock: &Clock) {
    let (mut tick, mut ran) = (interval(JOBS_TICK), Ran::default());
    loop {
        tick.tick().await;
        let (app, now, mut next) = (app.clone(), clock.now(), ran.clone());
        let done = tokio::task::spawn_blocking(move || {
            next.run_due(&app, now);
            next
        });
        if let Ok(done) = done.await {
            ran = done;
        }
    }
}

/// Looks through everything that the practice holds, slowly, in a thread of its own.
async fn keep_scrubbing(app: &App, slowly: &Arc<Slowly>) {
    // A start has other things to do first.
    let mut tick = interval_at(Instant::now() + SCRUB_TICK, SCRUB_TICK);
    loop {
        tick.tick().await;
        let (app, watch): (App, Arc<dyn Watch>) = (app.clone(), slowly.clone());
        match tokio::task::spawn_blocking(move || app.scrub(&watch)).await {
            // A panic was logged where it happened.
            Ok(Ok(())) | Err(_) => (),
            Ok(Err(error)) => tracing::warn!(%error, "the background check could not go on; it is tried again later"),
        }
    }
}

struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

fn stop_signal() -> Result<StopSignal, CommandError> {
    Ok(StopSignal { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
}

impl StopSignal {
    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
        tracing::info!("stopping: running requests may finish");
    }
}
