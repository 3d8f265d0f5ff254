//! A server whose data is open.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{interval, sleep},
};

use super::Service;
use crate::{
    app::{App, scrub::Slowly, seal::SealTurn},
    cli::{
        backup, certificate_keys::StoredKeys, check, control::Handler, desk, error::CommandError, key, output::Output,
        reach, start_message::StartMessage,
    },
    clock::Clock,
    config::{Places, ServeSettings},
    domain::{claim::ClaimCode, origin::Origin, practice::PracticeState},
    http::{self, rates, server::Server},
    jobs::Ran,
    policy::{Actor, ActorKind},
    store::check::Watch,
    tls::{Certificates, remember_origin},
};

/// How often certificates are looked at and buckets forgotten.
const TICK: Duration = rates::FORGET_EVERY;
/// How often jobs are looked at.
const JOBS_TICK: Duration = Duration::from_mins(1);
/// How often it is looked whether a background check is due, and how long after the start at first.
const SCRUB_TICK: Duration = Duration::from_mins(10);
/// How often a file that failed is tried again, and how often in vain before the process ends.
const HEALTH_TICK: Duration = Duration::from_secs(2);
const FAILURES_MAX: u64 = 10;
/// After a lock, for whatever still works with the data; the server's drain has passed then.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Why it ended.
pub enum Ended {
    /// It was told to stop.
    Stopped,
    /// It was locked: the data is closed and its keys are gone.
    Locked,
}

/// Serves until it is told to stop or to lock.
pub async fn serve(service: &mut Service, app: App) -> Result<Ended, CommandError> {
    let in_use = app.store_in_use();
    let asked_to_lock = run(service, app).await?;
    if service.stop.is_asked() || !asked_to_lock {
        tracing::info!("stopped");
        return Ok(Ended::Stopped);
    }
    let mut waited = Duration::ZERO;
    while in_use.strong_count() > 0 {
        if waited >= LOCK_PATIENCE {
            return Err(CommandError::StillOpen);
        }
        sleep(LOOK_EVERY).await;
        waited += LOOK_EVERY;
    }
    tracing::warn!("locked: the data is closed and its keys are gone from memory");
    Ok(Ended::Locked)
}

/// Whether it ended because it was asked to lock.
async fn run(service: &mut Service, app: App) -> Result<bool, CommandError> {
    let settings = service.settings(app.doorplate()?.practice.map(|practice| practice.origin))?;
    let ServeSettings { places, listen, origin, certificate, limits, storage } = settings;
    let (app, clock) = (app.at_site(origin.clone()).with_storage(storage), service.clock.clone());
    let keys = Arc::new(StoredKeys(app.clone()));
    let certificates = Arc::new(Certificates::open(places.tls_dir(), &origin, certificate, keys, clock.now())?);
    remember_origin(&places.tls_dir(), &origin)?;
    let server = match service.socket.take() {
        Some(socket) => Server::on(socket, certificates.server_config()?, limits)?,
        None => Server::bind(listen, certificates.server_config()?, limits).await?,
    };
    service.socket = Some(server.socket()?);
    let control = service.control()?;
    let front = http::endpoint(&app, &origin, &limits, certificates.clone());
    let rates = front.rates();
    let code = claim_code(&app)?;
    announce(service.output, &origin, code.as_ref(), &certificates, server.local_addr());
    let checking = Arc::new(check::Progress::default());
    let slowly = Arc::new(Slowly::default());
    let (lock, mut locking) = watch::channel(false);
    tracing::info!(%origin, listening = %server.local_addr(), control = %control.path().display(), "started");
    let (stop, mut locked) = (service.stop.clone(), locking.clone());
    let end = async move {
        tokio::select! {
            () = stop.wait() => (),
            _ = locked.wait_for(|asked| *asked) => (),
        }
    };
    let commands =
        Commands { app: app.clone(), places, origin, clock: clock.clone(), checking: checking.clone(), lock };
    let failing = tokio::select! {
        () = server.run(front, end) => 0,
        () = control.run(commands.handler()) => 0,
        () = keep_fresh(&certificates, &rates, &clock) => 0,
        () = keep_jobs(&app, &service.places, &clock) => 0,
        () = keep_scrubbing(&app, &slowly) => 0,
        failed = keep_health(&app) => failed,
    };
    // The process ends only once work that blocks has ended.
    checking.stop();
    slowly.stop();
    app.stop_key_rotation();
    service.control = Some(control);
    if failing > 0 { Err(CommandError::Failing(failing)) } else { Ok(*locking.borrow_and_update()) }
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
struct Commands {
    app: App,
    places: Places,
    origin: Origin,
    clock: Clock,
    checking: Arc<check::Progress>,
    lock: watch::Sender<bool>,
}

impl Commands {
    fn handler(self) -> Handler {
        Arc::new(move |request: &Value| self.answer(request))
    }

    fn answer(&self, request: &Value) -> Result<Value, CommandError> {
        let operator = Actor::local(ActorKind::Operator);
        match request["do"].as_str() {
            Some("claim") => {
                let code = self.app.make_claim_code(&operator)?;
                Ok(json!({ "code": code.to_string(), "origin": self.origin.to_string() }))
            }
            Some("backup") => {
                let to = PathBuf::from(request["to"].as_str().unwrap_or_default());
                backup::make(&self.app, &self.places.data_dir, &to, &self.clock)
            }
            Some("check") => check::online(self.app.store(), &self.checking),
            Some("check-progress") => Ok(self.checking.value()),
            Some("seal-lock") => {
                self.app.note_seal_turn(&operator, SealTurn::Locked)?;
                self.lock.send_replace(true);
                Ok(json!({ "state": "locking" }))
            }
            _ => desk::perform(&self.app, &self.places, request).unwrap_or_else(|| Err(desk::not_known())),
        }
    }
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
async fn keep_jobs(app: &App, places: &Places, clock: &Clock) {
    let (mut tick, mut ran) = (interval(JOBS_TICK), Ran::default());
    loop {
        tick.tick().await;
        let (app, places, now, mut next) = (app.clone(), places.clone(), clock.now(), ran.clone());
        let done = tokio::task::spawn_blocking(move || {
            key::resume(&app, &places);
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
    sleep(SCRUB_TICK).await;
    let mut tick = interval(SCRUB_TICK);
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

/// Tries a file that failed again and again; ends with the number of failures when it is in vain. One that is well comes
/// to rest when nobody writes.
async fn keep_health(app: &App) -> u64 {
    let mut tick = interval(HEALTH_TICK);
    loop {
        tick.tick().await;
        let app = app.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let failed = app.try_file_again();
            if failed == 0 {
                app.settle_file();
            }
            failed
        });
        let failed = looked.await.unwrap_or_default();
        if failed >= FAILURES_MAX {
            return failed;
        }
    }
}
